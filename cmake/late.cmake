# Libraries that are loaded when they are first needed (base/late_library.h). FOLDER/NAME.calls lists the functions that
# are called, one a line, and FOLDER/NAME_calls.h says what they are. generated/late/NAME.h gets a table of them and a macro
# for each that leads through the table; generated/late/NAME.c the table itself and hra_NAME_load, with the names under
# which the system's loader finds the libraries that were there when this was configured. That source is one more in
# HRA_LATE_io, say, if FOLDER is io/files. PURPOSE and PACKAGES are told where a library is absent.
function(hra_soname library result)
  execute_process(COMMAND ${CMAKE_READELF} -d ${library} OUTPUT_VARIABLE head ERROR_QUIET)
  string(REGEX MATCH "SONAME[^[]*\\[([^]]+)\\]" found "${head}")
  if(NOT found)
    message(FATAL_ERROR "${library} is no shared library, and hra loads it while it runs: install the shared one")
  endif()
  set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

function(hra_late_library folder name)
  cmake_parse_arguments(PARSE_ARGV 2 late "" "PURPOSE;PACKAGES" "LIBRARIES")
  set(calls ${CMAKE_SOURCE_DIR}/${folder}/${name}.calls)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${calls})
  set(files)
  foreach(library ${late_LIBRARIES})
    hra_soname(${library} soname)
    string(APPEND files "\"${soname}\", ")
  endforeach()
  file(STRINGS ${calls} functions)
  set(names)
  set(pointers)
  set(macros)
  foreach(function ${functions})
    string(APPEND names "\"${function}\", ")
    string(APPEND pointers "    __typeof__(${function}) *${function};\n")
    string(APPEND macros "#define ${function} hra_late_${name}.${function}\n")
  endforeach()
  foreach(kind h c)
    configure_file(${CMAKE_SOURCE_DIR}/cmake/late.${kind}.in ${CMAKE_BINARY_DIR}/generated/late/${name}.${kind} @ONLY)
  endforeach()
  string(REGEX MATCH "^[^/]+" part ${folder})
  set(HRA_LATE_${part} ${HRA_LATE_${part}} ${CMAKE_BINARY_DIR}/generated/late/${name}.c PARENT_SCOPE)
endfunction()

hra_late_library(report/pdf drawing PURPOSE "printed reports"
                 PACKAGES "libpangocairo-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" LIBRARIES ${PANGO_LINK_LIBRARIES})
hra_late_library(report/tools workbook PURPOSE "workbooks" PACKAGES "libxlsxwriter4" LIBRARIES ${XLSXWRITER_LINK_LIBRARIES})
hra_late_library(io/files libzip PURPOSE "workbooks and zip archives" PACKAGES "libzip4" LIBRARIES ${ZIP_LINK_LIBRARIES})
