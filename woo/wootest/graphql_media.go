package wootest

import (
	"slices"
	"strconv"
	"strings"
)

func (g *gqlRequest) firstImage(p *product) any {
	images := g.st.imagesOf(p)
	if len(images) == 0 {
		return nil
	}
	return g.imageNode(images[0])
}

func (g *gqlRequest) gallery(p *product) *gqlNode {
	var nodes []*gqlNode
	for i, picture := range p.Images {
		if i > 0 {
			nodes = append(nodes, g.imageNode(picture))
		}
	}
	return nodesOnly(nodes)
}

func (g *gqlRequest) imageNode(i image) *gqlNode {
	source := resolver(func(args map[string]any) (any, error) { return i.inSize(argText(args, "size")), nil })
	return &gqlNode{kind: "MediaItem", fields: map[string]any{
		"id": globalID("post", i.ID), "databaseId": i.ID, "mediaItemId": i.ID, "altText": i.Alt, "title": i.Name, "slug": i.Name,
		"sourceUrl": source, "mediaItemUrl": i.Src, "srcSet": i.srcset(true), "mediaType": "image", "mimeType": "image/jpeg",
		"sizes": "(max-width: 1200px) 100vw, 1200px", "mediaDetails": i.details(), "caption": nil, "description": nil,
	}}
}

// inSize is the address of a size by its enum name; the original without one.
func (i image) inSize(enum string) string {
	name := strings.ToLower(enum)
	for _, s := range mediaSizes {
		if s.name == name {
			px := strconv.Itoa(s.pixels)
			return i.sized(px + "x" + px)
		}
	}
	return i.Src
}

// details: width and height of the original are numbers, of the sizes texts.
func (i image) details() *gqlNode {
	return &gqlNode{fields: map[string]any{
		"width": pictureSize, "height": pictureSize,
		"sizes": resolver(func(args map[string]any) (any, error) {
			include, exclude := textList(args["include"]), textList(args["exclude"])
			nodes := []*gqlNode{}
			for _, s := range mediaSizes {
				enum, px := strings.ToUpper(s.name), strconv.Itoa(s.pixels)
				if !isOneOf(include, enum) || slices.Contains(exclude, enum) {
					continue
				}
				nodes = append(nodes, &gqlNode{fields: map[string]any{
					"name": s.name, "width": px, "height": px, "sourceUrl": i.sized(px + "x" + px), "mimeType": "image/jpeg",
				}})
			}
			return nodes, nil
		}),
	}}
}
