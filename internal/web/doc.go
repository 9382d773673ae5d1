// Package web is the door of pages: what people see in a browser.
//
// It owns routes, page structs and templates, and shows what the deeds give. It
// owns no rules and keeps no state. Pages are rendered on the server and work
// without scripts; nothing is loaded from other hosts.
//
// Start reading at routes.go; every page is a file of its own (home_page.go,
// file_page.go, …) beside its template in templates/pages. render.go turns
// pages and errors into answers. Texts of the catalogues are put into templates
// when these are parsed, once for every language (templates.go), and so are icons
// (templates_icon.go); what stands around the pages of guests is rendered once for
// every change of the settings (frame.go); viewer pages are remembered while
// nothing about them changes (file_memo.go).
//
// Scripts and styles are built from frontend/ into dist (make dist) and embedded.
// assets_entry.go reads the manifest and writes what a page needs for its entry;
// policy.go says what a browser may load, by a nonce that is put in when a page is
// sent (nonce.go). Without a build there are pages, but no styles.
package web
