package main

import (
	"errors"
	"strconv"
	"strings"
)

// sizes are numbers of files as a flag.
type sizes []int

// Set reads "100000,10000000". It implements flag.Value.
func (s *sizes) Set(text string) error {
	*s = nil
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 1 {
			return errors.New("write numbers with commas between")
		}
		*s = append(*s, n)
	}
	return nil
}

// String implements flag.Value.
func (s *sizes) String() string { return "" }

// places are sites that exist, by engine and size.
type places map[string]place

// place is where a site is.
type place struct {
	database string // empty: SQLite in the data folder
	data     string
}

// Set adds "sqlite:100000=FOLDER" or "postgres:100000=URL,FOLDER". It implements
// flag.Value.
func (p places) Set(text string) error {
	key, where, ok := strings.Cut(text, "=")
	engine, size, ok2 := strings.Cut(key, ":")
	if _, err := strconv.Atoi(size); !ok || !ok2 || err != nil || engine != "sqlite" && engine != "postgres" {
		return errors.New("write sqlite:FILES=FOLDER or postgres:FILES=URL,FOLDER")
	}
	if engine == "sqlite" {
		p[key] = place{data: where}
		return nil
	}
	i := strings.LastIndexByte(where, ',')
	if i < 0 {
		return errors.New("write postgres:FILES=URL,FOLDER")
	}
	p[key] = place{where[:i], where[i+1:]}
	return nil
}

// String implements flag.Value.
func (p places) String() string { return "" }
