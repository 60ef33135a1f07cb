# Flags of every target. Contraction is off everywhere: the language fixes where arithmetic rounds.
add_library(hra_flags INTERFACE)
target_include_directories(hra_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/include ${CMAKE_BINARY_DIR}/generated)
target_compile_definitions(hra_flags INTERFACE _GNU_SOURCE HRA_VERSION="${PROJECT_VERSION}")
target_compile_options(hra_flags INTERFACE -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
                       -Wno-unused-parameter -ffp-contract=off -fno-math-errno)
if(HRA_WERROR)
  target_compile_options(hra_flags INTERFACE -Werror)
endif()
if(HRA_SANITIZE)
  target_compile_options(hra_flags INTERFACE -fsanitize=${HRA_SANITIZE} -fno-omit-frame-pointer -g)
  target_link_options(hra_flags INTERFACE -fsanitize=${HRA_SANITIZE})
endif()
if(HRA_FUZZ)
  target_compile_options(hra_flags INTERFACE -fsanitize=fuzzer-no-link) # the fuzzer follows what the libraries do
endif()
target_link_libraries(hra_flags INTERFACE OpenMP::OpenMP_C m)

function(hra_target name)
  target_link_libraries(${name} PRIVATE hra_flags)
endfunction()
