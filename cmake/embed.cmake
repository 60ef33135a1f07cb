# Definitions and the dictionary are compiled into the binary, so that one file runs anywhere.
file(GLOB_RECURSE HRA_EMBEDDED RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS
     models/*.hra models/*.csv datasets/*.csv datasets/*.css)
if(NOT HRA_CAUTIONED_MODELS)
  list(FILTER HRA_EMBEDDED EXCLUDE REGEX "^models/cautioned/")
endif()
list(SORT HRA_EMBEDDED)
add_executable(hra_embed tools/embed.c)
target_link_libraries(hra_embed PRIVATE PkgConfig::SODIUM)
set(HRA_EMBEDDED_C ${CMAKE_BINARY_DIR}/generated/embedded.c)
add_custom_command(OUTPUT ${HRA_EMBEDDED_C}
  COMMAND hra_embed ${HRA_EMBEDDED_C} ${CMAKE_SOURCE_DIR} ${HRA_EMBEDDED}
  DEPENDS hra_embed ${HRA_EMBEDDED} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM
  COMMENT "Embedding definitions")
