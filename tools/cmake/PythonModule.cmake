# The module trimhorizon._core, when Python and pybind11 are there and bindings/ is written.
# Pass -DPython_EXECUTABLE=... to choose the Python: the first one found may lack the packages.
file(GLOB binding_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bindings/cpp/*.cpp)
if(NOT binding_sources)
  return()
endif()
find_package(Python 3.9 COMPONENTS Interpreter Development.Module)
if(Python_FOUND AND NOT pybind11_DIR)
  # pybind11 installed as a Python package knows where its CMake files are.
  execute_process(
    COMMAND ${Python_EXECUTABLE} -m pybind11 --cmakedir
    OUTPUT_VARIABLE th_pybind11_dir OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
set(PYBIND11_FINDPYTHON ON)
find_package(pybind11 2.10 CONFIG HINTS ${th_pybind11_dir})
if(NOT Python_FOUND OR NOT pybind11_FOUND)
  if(SKBUILD)
    message(FATAL_ERROR "the Python module needs pybind11 and the headers of Python")
  endif()
  message(STATUS "no Python module: pybind11 or the headers of Python are missing")
  return()
endif()

# Which sources a module was made of: looked at in every build, compiled again when they changed.
set(digest_source ${CMAKE_BINARY_DIR}/source_digest.cpp)
add_custom_target(
  source_digest
  COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} -DOUTPUT=${digest_source}
          -P ${CMAKE_SOURCE_DIR}/tools/cmake/SourceDigest.cmake
  BYPRODUCTS ${digest_source}
  COMMENT "")

pybind11_add_module(_core MODULE NO_EXTRAS ${binding_sources} ${digest_source})
add_dependencies(_core source_digest)
target_include_directories(_core PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(_core PRIVATE trimhorizon_core)
set_target_properties(
  _core PROPERTIES CXX_VISIBILITY_PRESET hidden UNITY_BUILD ${TH_UNITY} UNITY_BUILD_BATCH_SIZE 0)
# What passes values between Python and the core is compiled quickly rather than made fast.
target_compile_options(_core PRIVATE $<$<CONFIG:Release>:-Og>)
install(TARGETS _core LIBRARY DESTINATION trimhorizon)

# build/PRESET/python is a directory for PYTHONPATH: links to the façade, and _core beside them.
# The folder _core/ holds stubs only, so Python imports the module beside it. Links whose file is
# gone are removed: they would be modules that cannot be imported.
set(package ${CMAKE_BINARY_DIR}/python/trimhorizon)
set_target_properties(_core PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${package})
file(GLOB_RECURSE facade CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/bindings/python/trimhorizon
     ${CMAKE_SOURCE_DIR}/bindings/python/trimhorizon/*)
file(GLOB_RECURSE links ${package}/*)
foreach(link IN LISTS links)
  if(IS_SYMLINK ${link} AND NOT EXISTS ${link})
    file(REMOVE ${link})
  endif()
endforeach()
foreach(file IN LISTS facade)
  if(file MATCHES "__pycache__|\\.so$")
    continue()
  endif()
  get_filename_component(folder ${package}/${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/bindings/python/trimhorizon/${file} ${package}/${file} SYMBOLIC)
endforeach()
