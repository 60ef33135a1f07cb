# What a machine of another kind runs as well, emulated (scripts/check-neon): every place where vectors of NEON or the
# plain C beside x86's vectors make numbers, the kept hashes of results, the vectors of every model, and the program itself.
set(arm_tests test_operations test_fast_path test_golden test_code_sets test_whole_ratios test_program test_judge test_block_sums
    test_bit_rows test_group_summary test_group_sums test_runner test_vectors test_scale_offset test_blake3 test_identity
    test_csv_columns test_csv_records test_csv_source test_messy_cells test_number_read test_number_text test_share_digits
    test_generate test_result_store test_result_resume test_result_damage test_quotients)
add_custom_target(arm_tests DEPENDS hra ${arm_tests})
set_tests_properties(${arm_tests} PROPERTIES LABELS arm)
set_tests_properties(test_golden test_fast_path PROPERTIES COST 100) # the longest begin first

if(CMAKE_CROSSCOMPILING)
  set_tests_properties(test_fast_path PROPERTIES ENVIRONMENT HRA_GRAPHS=20)
  set_tests_properties(test_golden PROPERTIES ENVIRONMENT HRA_GOLDEN=short)
  add_test(NAME arm_same_bytes COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/arm/same_bytes.sh ${CMAKE_SOURCE_DIR}/build/check/hra
           ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:hra> WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(arm_same_bytes PROPERTIES LABELS arm SKIP_RETURN_CODE 77 COST 90)
endif()
