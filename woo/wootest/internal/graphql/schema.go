package graphql

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the schema
	"fmt"
	"io"

	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// schemaGZ is the whole schema of a store with WooGraphQL 1.0.2, without its
// descriptions.
//
//go:embed schema/woographql-1.0.2.graphql.gz
var schemaGZ []byte

// siteSchema is a site's own: with what its settings add, without what its version
// of WooGraphQL lacks.
func siteSchema(s *site.Site) (*ast.Schema, error) {
	schema, err := readSchema(schemaAdditions(s))
	if err != nil {
		return nil, err
	}
	if !s.Options.SessionTokens {
		withoutSessionTokens(schema)
	}
	if s.Options.OldGraphQL {
		trimSchema(schema)
	}
	return schema, nil
}

func readSchema(additions []string) (*ast.Schema, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(schemaGZ))
	if err != nil {
		return nil, fmt.Errorf("wootest: embedded schema: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(zipped, 4<<20))
	if err != nil {
		return nil, fmt.Errorf("wootest: embedded schema: %w", err)
	}
	sources := []*ast.Source{{Name: "woographql-1.0.2.graphql", Input: string(text)}}
	for _, more := range additions {
		sources = append(sources, &ast.Source{Name: "setting.graphql", Input: more})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		return nil, fmt.Errorf("wootest: embedded schema: %w", err)
	}
	return schema, nil
}
