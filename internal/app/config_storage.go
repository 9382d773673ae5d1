package app

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vitrine/internal/storage"
	"vitrine/internal/storage/s3"
	"vitrine/internal/vitrine"
)

const storageForm = "write local, local:FOLDER or s3://bucket/prefix?endpoint=https://host&region=name&path_style=true"

// bucketName is the form of bucket names (Amazon S3 user guide, "Bucket naming
// rules"), with the upper case that older and other servers know.
var bucketName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$`)

// folderOptions is the end of a folder's address that holds options; a folder may
// have a question mark in its name otherwise.
var folderOptions = regexp.MustCompile(`^[a-z_]+=`)

// parseStorage reads the address of a storage.
func parseStorage(v string) (Storage, error) {
	if folder, ok := strings.CutPrefix(v, "local"); ok && (folder == "" || folder[0] == ':' || folder[0] == '?') {
		return parseFolder(folder)
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "s3" || u.Opaque != "" || u.Fragment != "" {
		return Storage{}, errors.New("it is no storage: " + storageForm)
	}
	if u.User != nil {
		return Storage{}, errors.New("keys do not belong into its address: use VITRINE_S3_ACCESS_KEY and VITRINE_S3_SECRET_KEY, or the same with _FILE")
	}
	if !bucketName.MatchString(u.Host) {
		return Storage{}, fmt.Errorf("%q is not the name of a bucket: %s", u.Host, storageForm)
	}
	st := Storage{Bucket: &s3.Config{Bucket: u.Host, Prefix: strings.Trim(u.Path, "/")}}
	c := st.Bucket
	err = options(u.RawQuery, func(name, value string) error {
		if known, err := ruleOption(&st.Rules, name, value); known {
			return err
		}
		return bucketOption(c, name, value)
	})
	if err != nil {
		return Storage{}, err
	}
	if c.Endpoint == "" { // Amazon's own
		c.Endpoint = "s3.amazonaws.com"
		if c.Region != "" {
			c.Endpoint = "s3." + c.Region + ".amazonaws.com"
		}
	}
	return st, nil
}

// parseFolder reads what follows "local": a folder, options, both or nothing.
func parseFolder(v string) (st Storage, err error) {
	folder, query := v, ""
	if i := strings.LastIndexByte(v, '?'); i >= 0 && folderOptions.MatchString(v[i+1:]) {
		folder, query = v[:i], v[i+1:]
	}
	if st.Folder = strings.TrimPrefix(folder, ":"); folder != "" && folder[0] != ':' {
		return Storage{}, errors.New("it is no storage: " + storageForm)
	}
	return st, options(query, func(name, value string) error {
		known, err := ruleOption(&st.Rules, name, value)
		if !known {
			return fmt.Errorf("%q is not an option of a folder: use capacity, kinds or full", name)
		}
		return err
	})
}

// options gives each option of a query to set, in the order of their names.
func options(query string, set func(name, value string) error) error {
	q, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("its part after ? cannot be read: " + storageForm)
	}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if len(q[name]) > 1 {
			return fmt.Errorf("%q stands in it twice: give it once", name)
		}
		if err := set(name, q[name][0]); err != nil {
			return err
		}
	}
	return nil
}

// ruleOption reads an option that every storage may have.
func ruleOption(r *storage.Rules, name, value string) (known bool, err error) {
	switch name {
	case "capacity":
		size, err := vitrine.ParseSize(value)
		if err != nil || size == 0 {
			return true, fmt.Errorf("capacity=%s is not a size: write it like 500GB", value)
		}
		r.Capacity = int64(size)
	case "kinds":
		switch value {
		case "all":
			r.Kind = ""
		case string(vitrine.KindImage), string(vitrine.KindVideo):
			r.Kind = vitrine.Kind(value)
		default:
			return true, fmt.Errorf("kinds=%s is not a kind of files: use image, video or all", value)
		}
	case "full":
		if r.Full, err = strconv.ParseBool(value); err != nil {
			return true, fmt.Errorf("full=%s is neither true nor false", value)
		}
	default:
		return false, nil
	}
	return true, nil
}

func bucketOption(c *s3.Config, name, value string) (err error) {
	switch name {
	case "endpoint":
		return bucketEndpoint(c, value)
	case "region":
		c.Region = value
	case "path_style":
		if c.PathStyle, err = strconv.ParseBool(value); err != nil {
			return fmt.Errorf("path_style=%s is neither true nor false", value)
		}
	default:
		return fmt.Errorf("%q is not an option of a bucket: use endpoint, region, path_style, capacity, kinds or full", name)
	}
	return nil
}

// bucketEndpoint accepts "host:port" and "https://host:port"; http:// means
// without encryption.
func bucketEndpoint(c *s3.Config, value string) error {
	text := value
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("endpoint=%s is not the address of a server: write https://host or http://host:port", value)
	}
	c.Endpoint, c.Insecure = u.Host, u.Scheme == "http"
	return nil
}

// bucketKey adds a key to the bucket. Without a bucket it counts for nothing.
func bucketKey(c *Config, add func(*Storage)) error {
	if c.Storage.Bucket != nil {
		add(&c.Storage)
	}
	return nil
}
