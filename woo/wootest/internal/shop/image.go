package shop

import (
	"fmt"
	"path"
	"strings"
)

// PictureSize is the width and height of every original.
const PictureSize = 1200

// MediaSize is one of the sizes WordPress makes of an upload.
type MediaSize struct {
	Name   string
	Pixels int
}

// MediaSizes are in the order WordPress lists them.
func MediaSizes() []MediaSize {
	return []MediaSize{
		{"medium", 300}, {"large", 1024}, {"thumbnail", 150}, {"medium_large", 768},
		{"woocommerce_thumbnail", 300}, {"woocommerce_single", 600}, {"woocommerce_gallery_thumbnail", 100},
	}
}

// Sized is the address of the picture in a size, "300x300".
func (i Image) Sized(size string) string {
	ext := path.Ext(i.Src)
	return strings.TrimSuffix(i.Src, ext) + "-" + size + ext
}

// Srcset lists the picture in all widths, the original first or last.
func (i Image) Srcset(originalLast bool) string {
	var parts []string
	for _, px := range []int{300, 1024, 150, 768, 600, 100} {
		parts = append(parts, fmt.Sprintf("%s %dw", i.Sized(fmt.Sprintf("%dx%d", px, px)), px))
	}
	original := fmt.Sprintf("%s %dw", i.Src, PictureSize)
	if originalLast {
		return strings.Join(append(parts, original), ", ")
	}
	return original + ", " + strings.Join(parts, ", ")
}
