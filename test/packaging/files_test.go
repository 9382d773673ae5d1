package packaging_test

// root is the top of the project, seen from this folder.
const root = "../.."
