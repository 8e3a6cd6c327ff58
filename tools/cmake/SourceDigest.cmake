# Run by the build (cmake -P) with SOURCE_DIR and OUTPUT: one number over everything the module is
# compiled from, so that a module older than its sources can be told. The Python tests compute the
# same: SHA-256 over the lines "PATH SHA256" of the sorted files.
file(GLOB_RECURSE files RELATIVE ${SOURCE_DIR}
     ${SOURCE_DIR}/sim/*.cpp ${SOURCE_DIR}/sim/*.hpp
     ${SOURCE_DIR}/bindings/cpp/*.cpp ${SOURCE_DIR}/bindings/cpp/*.hpp)
list(SORT files)
set(lines "")
foreach(file IN LISTS files)
  file(SHA256 ${SOURCE_DIR}/${file} hash)
  string(APPEND lines "${file} ${hash}\n")
endforeach()
string(SHA256 digest "${lines}")
string(SUBSTRING ${digest} 0 16 digest)
set(text "namespace trimhorizon::bindings {
const char* source_digest() { return \"sources ${digest}\"; }
}
")
set(old "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUTPUT} "${text}")
endif()
