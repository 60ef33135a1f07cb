# One source per instruction set, each compiled with its own flags. A new set is one file here and one row in isa.c.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set_source_files_properties(${CMAKE_SOURCE_DIR}/engine/kernels/kernels_avx2.c
    PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma;-O3")
  set_source_files_properties(${CMAKE_SOURCE_DIR}/engine/kernels/kernels_avx512.c
    PROPERTIES COMPILE_OPTIONS "-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mfma;-O3;-mprefer-vector-width=512")
endif()
