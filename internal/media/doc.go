// Package media looks inside received bytes and makes what is stored of them.
//
// It owns what a file really is (sniff), what it says about itself (readMetadata),
// what must not be kept (cleanOriginal), and its variants. Strangers' pixels are
// never decoded in this process: Service keeps a few decoder processes, the same
// program started as "vitrine decoder", which are given names inside the spool
// folder and killed when they crash, hang or grow. Films go to ffmpeg, which runs
// in processes of its own.
//
// It must not know about HTTP, users, settings, the database or the storage;
// sizes and limits come with each request.
//
// Start reading at Service, then pool (who waits for what), child (the server's
// end of the pipe) and RunDecoder (the other end).
package media
