// Package ffmpeg runs ffprobe and ffmpeg as child processes on strangers' films.
//
// It owns how they are started: with fixed demuxers, without network, terminal or
// environment, with limits on time, memory, processor, open files and output, in a
// process group of their own that ends with the context. It knows what a film
// file says about itself and how to take one still from it; it does not know what
// the house makes of either, and imports nothing of ours.
//
// Start reading at Config, then Tools.Probe and Tools.Frame.
package ffmpeg
