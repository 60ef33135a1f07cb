# What `cmake --install` puts in place: the program, its man pages, the library with header and pkg-config file, and the
# definitions and tables as text, for reading and as a start for one's own.
install(TARGETS hra RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS hra_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/hra DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
file(RELATIVE_PATH HRA_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/hra.pc.in hra.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/hra.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Models with a licence caution can be left out, and their reference rows with them.
if(HRA_CAUTIONED_MODELS)
  set(left_out)
else()
  file(GLOB cautioned RELATIVE ${CMAKE_SOURCE_DIR}/models/cautioned models/cautioned/*.hra)
  set(left_out PATTERN "cautioned" EXCLUDE)
  foreach(file ${cautioned})
    string(REPLACE ".hra" ".csv" rows ${file})
    list(APPEND left_out PATTERN "${rows}" EXCLUDE)
  endforeach()
endif()
install(DIRECTORY models/ DESTINATION ${CMAKE_INSTALL_DATADIR}/hra/models
        FILES_MATCHING PATTERN "*.hra" PATTERN "*.csv" ${left_out})
install(DIRECTORY tests/vectors/ DESTINATION ${CMAKE_INSTALL_DATADIR}/hra/vectors
        FILES_MATCHING PATTERN "*.csv" PATTERN "README.md" ${left_out})
install(DIRECTORY datasets/ DESTINATION ${CMAKE_INSTALL_DATADIR}/hra/datasets
        FILES_MATCHING PATTERN "*.csv" PATTERN "*.md" PATTERN "*.map" PATTERN "*.profile" PATTERN "*.css")
install(FILES LICENSE README.md README.zh-CN.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md" PATTERN "*.svg")

# Man pages are the program's own help in another dress.
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/man/hra.1
  COMMAND ${CMAKE_SOURCE_DIR}/scripts/make-man $<TARGET_FILE:hra> ${CMAKE_BINARY_DIR}/man
  DEPENDS hra man/hra.1.in man/command.awk scripts/make-man VERBATIM COMMENT "Man pages")
add_custom_target(hra_man ALL DEPENDS ${CMAKE_BINARY_DIR}/man/hra.1)
install(DIRECTORY ${CMAKE_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
