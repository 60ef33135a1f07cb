# Libraries that are loaded when they are first needed (base/late_library.h). FOLDER/NAME.calls lists the functions that
# are called, one a line; generated/late/NAME.h gets a table of them, a macro for each that leads through the table, and
# the names under which the system's loader finds the libraries that were there when this was configured.
function(hra_soname library result)
  execute_process(COMMAND ${CMAKE_READELF} -d ${library} OUTPUT_VARIABLE head ERROR_QUIET)
  string(REGEX MATCH "SONAME[^[]*\\[([^]]+)\\]" found "${head}")
  if(NOT found)
    message(FATAL_ERROR "${library} is no shared library, and hra loads it while it runs: install the shared one")
  endif()
  set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

function(hra_late_library folder name)
  string(TOUPPER ${name} NAME)
  set(calls ${CMAKE_SOURCE_DIR}/${folder}/${name}.calls)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${calls})
  set(files)
  foreach(library ${ARGN})
    hra_soname(${library} soname)
    string(APPEND files " \"${soname}\",")
  endforeach()
  file(STRINGS ${calls} functions)
  set(names)
  set(pointers)
  set(macros)
  foreach(function ${functions})
    string(APPEND names " \"${function}\",")
    string(APPEND pointers "    __typeof__(${function}) *${function};\n")
    string(APPEND macros "#define ${function} hra_late_${name}.${function}\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/late/${name}.h @ONLY CONTENT
"/* Made from @folder@/@name@.calls by cmake/late.cmake. */
#define HRA_LATE_@NAME@_FILES@files@ NULL
#define HRA_LATE_@NAME@_NAMES@names@
struct hra_late_@name@ {
@pointers@};
extern struct hra_late_@name@ hra_late_@name@;
@macros@")
endfunction()

hra_late_library(report drawing ${PANGO_LINK_LIBRARIES})
hra_late_library(report workbook ${XLSXWRITER_LINK_LIBRARIES})
hra_late_library(io libzip ${ZIP_LINK_LIBRARIES})
