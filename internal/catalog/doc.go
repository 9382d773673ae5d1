// Package catalog is the way around: finding files by their public names, handing
// out their bytes, deleting them, and keeping rows and objects in step.
//
// It owns who may see a file and until when, delete links, albums and
// categories as things to choose from, and the three jobs that clean up: expired
// files, objects of deleted rows, objects that no row ever claimed. It must not
// know HTTP, nor how files come in.
//
// Start reading at Service, then Locate and Delete.
package catalog
