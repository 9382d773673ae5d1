// Package catalog is the way around: finding and listing files, albums, categories
// and tags, handing out the bytes of files, changing and deleting what is one's own,
// likes and views, and keeping rows and objects in step.
//
// It owns who may see what and until when. Privacy stands in albums and holds for
// the files in them; the rule itself is vitrine.Actor.MaySee. The database is asked
// for what may be listed, and every row that it gives is asked again here before it
// leaves. What is remembered of files (cache, warm) carries no right either: that is
// decided at every call, and a change is seen at once here and within two seconds
// on other nodes. A password album opens to who holds its pass, a random text that
// UnlockAlbum gives for the password and that a new password replaces.
//
// It owns delete links and what else proves that somebody made a thing as a guest,
// the job by which files follow a large album that was opened or closed, and the three
// that clean up: expired files, objects of deleted rows, objects that no row ever
// claimed. Views are counted in memory and written by Run, which has to run as long as
// the Service is used. It must not know HTTP, nor how files come in.
//
// Start reading at Service, then Files, Album, Locate and Delete.
package catalog
