// Package demo draws pictures: landscapes that are pleasant to look at and cost
// nothing, for the content that "vitrine seed" makes.
//
// It owns how they look and how they are written as JPEG, PNG, GIF and BMP with
// the metadata that cameras write. It must not know accounts, albums or storages.
// Start reading at Draw.
package demo
