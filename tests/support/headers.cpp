// The target that the tests' precompiled headers belong to needs a file.
int main() {}
