# Sources are found by folder: a new file needs no edit here. Dependencies point one way:
# cli -> report, generate -> service, intake -> io, engine -> base; report -> evaluate -> base.
foreach(part base engine/data engine/graph engine/language engine/kernels engine/program engine/run engine/summary evaluate io intake service generate report cli)
  string(REPLACE "/" "_" name ${part})
  string(TOUPPER HRA_${name}_SOURCES variable)
  file(GLOB ${variable} CONFIGURE_DEPENDS ${part}/*.c ${part}/*/*.c)
endforeach()
list(REMOVE_ITEM HRA_CLI_SOURCES ${CMAKE_SOURCE_DIR}/cli/main.c)

add_library(hra_base STATIC ${HRA_BASE_SOURCES})
hra_target(hra_base)
target_link_libraries(hra_base PUBLIC ${CMAKE_DL_LIBS})

add_library(hra_engine STATIC ${HRA_ENGINE_DATA_SOURCES} ${HRA_ENGINE_GRAPH_SOURCES} ${HRA_ENGINE_LANGUAGE_SOURCES}
            ${HRA_ENGINE_KERNELS_SOURCES} ${HRA_ENGINE_PROGRAM_SOURCES}
            ${HRA_ENGINE_RUN_SOURCES} ${HRA_ENGINE_SUMMARY_SOURCES} ${HRA_EMBEDDED_C})
hra_target(hra_engine)
target_include_directories(hra_engine PRIVATE ${SLEEF_INCLUDE})
target_link_libraries(hra_engine PUBLIC hra_base ${SLEEF_LIBRARY} PkgConfig::SODIUM)
include(engine/kernels/isa.cmake)

add_library(hra_evaluate STATIC ${HRA_EVALUATE_SOURCES})
hra_target(hra_evaluate)
target_link_libraries(hra_evaluate PUBLIC hra_base m)

add_library(hra_io STATIC ${HRA_IO_SOURCES} ${HRA_LATE_io})
hra_target(hra_io)
target_include_directories(hra_io SYSTEM PRIVATE ${ZIP_INCLUDE_DIRS})
target_link_libraries(hra_io PUBLIC hra_engine ${HRA_HDF5} PkgConfig::SODIUM PkgConfig::ISAL PkgConfig::DEFLATE PkgConfig::ZSTD
                      ZLIB::ZLIB PkgConfig::EXPAT)

if(HRA_INTAKE_SOURCES)
  add_library(hra_intake STATIC ${HRA_INTAKE_SOURCES})
  hra_target(hra_intake)
  target_link_libraries(hra_intake PUBLIC hra_service hra_io)
else()
  add_library(hra_intake INTERFACE)
endif()

if(HRA_SERVICE_SOURCES)
  add_library(hra_service STATIC ${HRA_SERVICE_SOURCES})
  hra_target(hra_service)
  target_link_libraries(hra_service PUBLIC hra_io)
else()
  add_library(hra_service INTERFACE)
endif()

add_library(hra_generate STATIC ${HRA_GENERATE_SOURCES})
hra_target(hra_generate)
target_link_libraries(hra_generate PUBLIC hra_io)

add_library(hra_report STATIC ${HRA_REPORT_SOURCES} ${HRA_LATE_report})
hra_target(hra_report)
target_include_directories(hra_report SYSTEM PUBLIC ${PANGO_INCLUDE_DIRS} ${XLSXWRITER_INCLUDE_DIRS} ${ZIP_INCLUDE_DIRS})
target_link_libraries(hra_report PUBLIC hra_intake hra_service hra_io hra_evaluate)

# The public C API (include/hra/): libhra, and a static form for the tests.
file(GLOB HRA_API_SOURCES CONFIGURE_DEPENDS api/*.c)
add_library(hra_shared SHARED ${HRA_API_SOURCES})
set_target_properties(hra_shared PROPERTIES OUTPUT_NAME hra VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
hra_target(hra_shared)
target_link_libraries(hra_shared PRIVATE hra_io hra_engine)
target_link_options(hra_shared PRIVATE -Wl,--exclude-libs,ALL)
