// Package local keeps objects as files below one folder.
package local
