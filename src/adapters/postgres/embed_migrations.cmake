# Puts migrations/NNN-what.sql into the program: makes ${CMAKE_CURRENT_BINARY_DIR}/migrations.cpp
# at configure time and names it in `output`. A changed or new file configures again.
function(linli_embed_migrations output)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/migrations/*.sql)
  list(SORT files COMPARE NATURAL)
  set(texts "")
  set(rows "")
  set(expected 1)
  foreach(path IN LISTS files)
    get_filename_component(name ${path} NAME_WE)
    if(NOT name MATCHES "^([0-9][0-9][0-9])-[a-z0-9-]+$")
      message(FATAL_ERROR "${path}: a migration is called NNN-what.sql")
    endif()
    math(EXPR number "1${CMAKE_MATCH_1} - 1000") # without the zeros in front, which mean octal
    if(NOT number EQUAL expected)
      message(FATAL_ERROR "${path}: number ${expected} comes next")
    endif()
    math(EXPR expected "${expected} + 1")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} sql)
    string(APPEND texts
      "constexpr std::string_view sql_${number} = R\"linli_sql(${sql})linli_sql\";\n\n")
    string(APPEND rows "    {${number}, \"${name}\", sql_${number}},\n")
  endforeach()
  set(made ${CMAKE_CURRENT_BINARY_DIR}/migrations.cpp)
  file(WRITE ${made}.new
    "// Made from migrations/*.sql by embed_migrations.cmake.\n"
    "#include \"adapters/postgres/schema.hpp\"\n\n"
    "namespace linli::postgres {\n\nnamespace {\n\n" "${texts}"
    "constexpr migration steps[] = {\n" "${rows}" "};\n\n} // namespace\n\n"
    "std::span<migration const> all_migrations() { return steps; }\n\n"
    "} // namespace linli::postgres\n")
  file(COPY_FILE ${made}.new ${made} ONLY_IF_DIFFERENT)
  set(${output} ${made} PARENT_SCOPE)
endfunction()
