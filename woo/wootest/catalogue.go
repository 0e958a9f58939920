package wootest

import (
	"embed"
	"io/fs"
)

//go:embed catalogue
var embedded embed.FS

// Catalogue answers the embedded store data: the files Config.Catalogue
// replaces. Wrap it in an fs.FS of your own to change single files.
func Catalogue() fs.FS {
	sub, err := fs.Sub(embedded, "catalogue")
	if err != nil { // the directory is embedded: it cannot be missing
		return embedded
	}
	return sub
}
