// The target that the tests' precompiled headers belong to needs a file. Its main is that of the
// tests.
