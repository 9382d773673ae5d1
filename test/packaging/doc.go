// Package packaging proves what is in deploy: that its files name only what the
// program and each other know, and, with the build tag packaging (make test-deb),
// that the Debian package can be installed, used, upgraded and removed.
//
// It has nothing but tests. For the package the systemd of this machine is booted
// in namespaces of its own, on a copy of the files that only memory holds: the
// service runs under the very confinement that its unit asks for, and nothing is
// left when the test ends.
//
// Start reading at deb_test.go; machine_test.go is that small system.
package packaging
