package graphql

import (
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/sessions"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// mutates says whether one of the operations is a mutation.
func mutates(ops []operation) bool {
	return slices.ContainsFunc(ops, func(op operation) bool {
		return strings.Contains(op.Query, "mutation") && len(op.roots(ast.Mutation)) > 0
	})
}

// roots are the names of the root fields an operation selects; none for a
// document that is no GraphQL or when the operation is of another kind.
func (op operation) roots(kind ast.Operation) []string {
	doc, err := parser.ParseQuery(&ast.Source{Input: op.Query})
	if err != nil {
		return nil
	}
	found := doc.Operations.ForName(op.Name)
	if found == nil || found.Operation != kind {
		return nil
	}
	var names []string
	for _, s := range found.SelectionSet {
		if f, ok := s.(*ast.Field); ok {
			names = append(names, f.Name)
		}
	}
	return names
}

// stateFor is stateFor, for GraphQL: only mutations write.
func stateFor(s *site.Site, req *wire.Request, ops []operation) *site.State {
	if !mutates(ops) {
		return s.StateFor(req)
	}
	s.Previous = s.State.Clone()
	return s.State
}

// overlap is the time between a request's reading of the session and the stock
// and its writing of them. WooGraphQL serialises most cart mutations of one
// session, so it lasts only when an Overlap fault says so or, for a checkout,
// Config.CheckoutWindow. The store's lock is let go meanwhile: what others
// write then is neither in the visit's session nor in the stock it looks at.
func overlap(s *site.Site, req *wire.Request, ops []operation, v *sessions.Visit) {
	checkout := slices.ContainsFunc(ops, func(op operation) bool { return slices.Contains(op.roots(ast.Mutation), "checkout") })
	if req.Race == nil && (s.Options.CheckoutWindow == 0 || !checkout) || req.Method == http.MethodGet {
		return
	}
	v.Seen = s.State.Clone()
	s.Unlock()
	defer s.Lock()
	s.Linger(req, s.Options.CheckoutWindow)
}

// operations are the GraphQL operations of a request, none for any other.
func operations(r *wire.Request) []operation {
	if !isGraphQL(r.Path) {
		return nil
	}
	ops, _, refused := readOperations(r, http.Header{})
	if refused != nil {
		return nil
	}
	return ops
}

func isGraphQL(path string) bool { return path == "/graphql" || path == "/graphql/" }

// Roots are the root fields of all operations of a request.
func Roots(r *wire.Request) []string {
	var names []string
	for _, op := range operations(r) {
		names = append(append(names, op.roots(ast.Mutation)...), op.roots(ast.Query)...)
	}
	return names
}

// Queries says whether a request is a GraphQL request that only reads.
func Queries(r *wire.Request) bool { return isGraphQL(r.Path) && !mutates(operations(r)) }
