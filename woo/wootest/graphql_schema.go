package wootest

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the schema
	"fmt"
	"io"
	"sync"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// schemaGZ is the whole schema of a store with WooGraphQL 1.0.2, without its
// descriptions.
//
//go:embed schema/woographql-1.0.2.graphql.gz
var schemaGZ []byte

// graph is a store's GraphQL side. Its schema is read when first needed.
type graph struct {
	tokens SessionTokens
	old    bool // WooGraphQL 0.21
	once   sync.Once
	schema *ast.Schema
	err    error
}

// load reads the schema, with what the shop's settings add to it.
func (g *graph) load(additions ...string) (*ast.Schema, error) {
	g.once.Do(func() {
		g.schema, g.err = readSchema(additions, g.tokens)
		if g.old && g.err == nil {
			trimSchema(g.schema)
		}
	})
	return g.schema, g.err
}

func readSchema(additions []string, tokens SessionTokens) (*ast.Schema, error) {
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
	tokens.trim(schema)
	return schema, nil
}
