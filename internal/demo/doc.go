// Package demo draws pictures: landscapes that are pleasant to look at and cost
// nothing, for the content that "vitrine seed" makes.
//
// It owns how they look and how they are written as JPEG, PNG, GIF and BMP with
// the metadata that cameras write; and what a site with millions of files consists of
// (Site), as values that it draws by lot: who, where and how often. It must not know
// storages or databases. Start reading at Draw and at Site.
package demo
