# For each folder of sim/ two libraries of the same objects:
#   sim_FOLDER             what users get
#   sim_FOLDER_selectable  what tests link: a file with TH_RULE( or TH_WRONG( is compiled a second time
#                          with TH_SELECTABLE_RULES, so that a test run may select the wrong rule
# and over them trimhorizon_core and trimhorizon_core_selectable. An empty folder has no libraries.
#
# With TH_UNITY all folders are one library, sim_all, and each kind of its files is compiled at one
# go: half of the time, since templates are made once instead of once in each folder.
#   plain  what runs and searches spend their time in
#   ruled  the same, with rules that a test may select
#   words  what reads files and writes text: compiled quickly rather than made fast
set(TH_KINDS plain ruled words)
set(TH_WORDS_FOLDERS yaml format scenario experiment report cli)
set(TH_WORDS_FILES  # of explore/: what is not part of the search
  "/explore/(assumption_sweep|counterexample|explore_[a-z]+|found_file|loop_story|replayed|witness)[.]cpp$")

set(TH_SIM_LINKS_kinesis Boost::headers)
set(TH_SIM_LINKS_yaml th_yaml)
set(TH_SIM_LINKS_cli CLI11::CLI11)
set(TH_SIM_LINKS_all Boost::headers th_yaml CLI11::CLI11)

# th_add_objects(NAME UNIT KIND): of the files in ${KIND}
function(th_add_objects name unit kind)
  add_library(${name} OBJECT ${${kind}})
  # 0 is all of them. With sanitizers one such file would keep one core busy for minutes.
  set(files_at_once 0)
  if(TH_SANITIZE)
    set(files_at_once 40)
  endif()
  set_target_properties(
    ${name} PROPERTIES UNITY_BUILD ${TH_UNITY} UNITY_BUILD_BATCH_SIZE ${files_at_once})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC fmt::fmt ${TH_SIM_LINKS_${unit}})
  if(unit MATCHES "^(base|all)$")
    target_link_libraries(${name} PRIVATE nlohmann_json::nlohmann_json)
  endif()
  if(kind STREQUAL "words")
    # With sanitizers -O0 takes half of the time, and its tests not much longer.
    target_compile_options(
      ${name} PRIVATE $<IF:$<BOOL:${TH_SANITIZE}>,-O0,$<$<CONFIG:Release>:-Og>> ${TH_EDGE_COUNTERS})
  endif()
endfunction()

# th_add_libraries(UNIT BELOW BELOW_SELECTABLE): both libraries, of the files in ${plain} and so on
function(th_add_libraries unit below below_selectable)
  set(library sim_${unit})
  add_library(${library} STATIC)
  add_library(${library}_selectable STATIC EXCLUDE_FROM_ALL)
  foreach(kind IN LISTS TH_KINDS)
    if(NOT ${kind})
      continue()
    endif()
    set(objects ${library}_${kind})
    set(selectable ${objects})
    th_add_objects(${objects} ${unit} ${kind})
    # Under the sanitizers no test selects a wrong rule.
    if(kind STREQUAL "ruled" AND NOT TH_SANITIZE)
      string(APPEND selectable _selectable)
      th_add_objects(${selectable} ${unit} ruled)
      target_compile_definitions(${selectable} PRIVATE TH_SELECTABLE_RULES)
      set_target_properties(${selectable} PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
    target_sources(${library} PRIVATE $<TARGET_OBJECTS:${objects}>)
    target_sources(${library}_selectable PRIVATE $<TARGET_OBJECTS:${selectable}>)
  endforeach()
  foreach(each ${library} ${library}_selectable)
    set_target_properties(${each} PROPERTIES LINKER_LANGUAGE CXX)
    target_include_directories(${each} PUBLIC ${CMAKE_SOURCE_DIR})
  endforeach()
  target_link_libraries(${library} PUBLIC fmt::fmt ${TH_SIM_LINKS_${unit}} ${below})
  target_link_libraries(
    ${library}_selectable PUBLIC fmt::fmt ${TH_SIM_LINKS_${unit}} ${below_selectable})
endfunction()

# th_sort(FOLDER SOURCES): into ${plain}, ${ruled} and ${words}
macro(th_sort folder sources)
  foreach(source IN LISTS ${sources})
    file(STRINGS ${source} hit REGEX "TH_(RULE|WRONG)\\(" LIMIT_COUNT 1)
    if(hit)
      list(APPEND ruled ${source})
    elseif("${folder}" IN_LIST TH_WORDS_FOLDERS OR source MATCHES "${TH_WORDS_FILES}")
      list(APPEND words ${source})
    else()
      list(APPEND plain ${source})
    endif()
  endforeach()
endmacro()

set(all "")             # libraries of the levels so far
set(all_selectable "")
foreach(level RANGE 0 8)
  set(TH_BELOW_${level} ${all_selectable})
  set(this "")
  set(this_selectable "")
  foreach(folder IN LISTS TH_LEVEL_${level})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sim/${folder}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/sim/cli/main\\.cpp$")
    if(NOT sources)
      continue()
    endif()
    # A file may gain or lose its first TH_RULE: look again whenever a rule's file changes.
    if(level LESS 6)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources})
    endif()
    th_sort(${folder} sources)
    if(NOT TH_UNITY)
      th_add_libraries(${folder} "${all}" "${all_selectable}")
      list(APPEND this sim_${folder})
      list(APPEND this_selectable sim_${folder}_selectable)
      foreach(kind IN LISTS TH_KINDS)
        set(${kind} "")
      endforeach()
    endif()
  endforeach()
  list(PREPEND all ${this})
  list(PREPEND all_selectable ${this_selectable})
endforeach()
if(TH_UNITY)
  th_add_libraries(all "" "")
  set(all sim_all)
  set(all_selectable sim_all_selectable)
  foreach(level RANGE 1 9)
    set(TH_BELOW_${level} sim_all_selectable)
  endforeach()
endif()

add_library(trimhorizon_core INTERFACE)
target_link_libraries(trimhorizon_core INTERFACE ${all})
add_library(trimhorizon_core_selectable INTERFACE)
target_link_libraries(trimhorizon_core_selectable INTERFACE ${all_selectable})

# The version stands in project() only; one file knows it, so a new number recompiles one file.
set(build "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${CMAKE_BUILD_TYPE}")
set_source_files_properties(
  ${CMAKE_SOURCE_DIR}/sim/base/version.cpp PROPERTIES COMPILE_DEFINITIONS
  "TH_VERSION=\"${PROJECT_VERSION}\";TH_BUILD=\"${build}\"")
