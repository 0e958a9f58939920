package graphql

import (
	"fmt"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/vektah/gqlparser/v2/ast"
)

// node is an object of the graph: its type, when the schema leaves a
// choice, and its fields. A field is a value or a resolver.
type node struct {
	kind   string
	fields map[string]any
}

// resolver computes a field from its arguments.
type resolver func(args map[string]any) (any, error)

// execute runs an operation and answers data.
func (g *request) execute(op *ast.OperationDefinition) any {
	root := g.queryRoot()
	def := g.schema.Query
	if op.Operation == ast.Mutation {
		root, def = g.mutationRoot(), g.schema.Mutation
	}
	root.kind = def.Name
	if g.who.Broken != nil {
		root.fields = refusingAll(def)
	}
	data, ok := g.object(root, op.SelectionSet, nil)
	if !ok {
		return nil
	}
	return data
}

// fieldGroup is everything selected under one response key.
type fieldGroup struct {
	key    string
	fields []*ast.Field
}

// collect flattens a selection set for an object of the given type.
func (g *request) collect(kind string, set ast.SelectionSet, into []fieldGroup) []fieldGroup {
	for _, s := range set {
		switch x := s.(type) {
		case *ast.Field:
			if g.included(x.Directives) {
				into = addField(into, x)
			}
		case *ast.InlineFragment:
			if g.included(x.Directives) && g.applies(x.TypeCondition, kind) {
				into = g.collect(kind, x.SelectionSet, into)
			}
		case *ast.FragmentSpread:
			if g.included(x.Directives) && g.applies(x.Definition.TypeCondition, kind) {
				into = g.collect(kind, x.Definition.SelectionSet, into)
			}
		}
	}
	return into
}

func addField(into []fieldGroup, f *ast.Field) []fieldGroup {
	for i := range into {
		if into[i].key == f.Alias {
			into[i].fields = append(into[i].fields, f)
			return into
		}
	}
	return append(into, fieldGroup{f.Alias, []*ast.Field{f}})
}

// included is @skip and @include.
func (g *request) included(list ast.DirectiveList) bool {
	if d := list.ForName("skip"); d != nil && d.ArgumentMap(g.vars)["if"] == true {
		return false
	}
	d := list.ForName("include")
	return d == nil || d.ArgumentMap(g.vars)["if"] == true
}

// applies says whether a fragment on a type covers objects of kind.
func (g *request) applies(condition, kind string) bool {
	if condition == "" || condition == kind {
		return true
	}
	def := g.schema.Types[condition]
	if def == nil {
		return false
	}
	for _, possible := range g.schema.GetPossibleTypes(def) {
		if possible.Name == kind {
			return true
		}
	}
	return false
}

// object resolves a selection set; false means a non-null field below is null,
// so the object is null as well.
func (g *request) object(node *node, set ast.SelectionSet, path []any) (wp.Object, bool) {
	out := wp.Object{}
	for _, group := range g.collect(node.kind, set, nil) {
		at := append(append([]any{}, path...), group.key)
		value, ok := g.field(node, group.fields, at)
		if !ok {
			return nil, false
		}
		out = append(out, wp.Member{group.key, value})
	}
	return out, true
}

func (g *request) field(node *node, fields []*ast.Field, path []any) (any, bool) {
	f := fields[0]
	if f.Name == "__typename" {
		return node.kind, true
	}
	value, err := g.resolve(node, f)
	if err != nil {
		g.fail(f, path, err.Error())
		return nil, !f.Definition.Type.NonNull
	}
	return g.complete(f.Definition.Type, value, fields, path)
}

// resolve computes a field's raw value. A field of the schema that this store
// has no data for is a clear error and never an empty answer.
func (g *request) resolve(node *node, f *ast.Field) (any, error) {
	value, ok := node.fields[f.Name]
	if !ok {
		return nil, wire.UserError("wootest does not offer " + node.kind + "." + f.Name)
	}
	if r, isResolver := value.(resolver); isResolver {
		return r(f.ArgumentMap(g.vars))
	}
	return value, nil
}

func (g *request) fail(f *ast.Field, path []any, message string) {
	g.errs = append(g.errs, queryError{
		Message: message, Locations: []location{{f.Position.Line, f.Position.Column}}, Path: path,
	})
}

// complete turns a raw value into the answer its type asks for.
func (g *request) complete(t *ast.Type, value any, fields []*ast.Field, path []any) (any, bool) {
	out, ok := g.completeNullable(t, value, fields, path)
	if t.NonNull && out == nil {
		if ok {
			g.fail(fields[0], path, fmt.Sprintf("Cannot return null for non-nullable field \"%s.%s\".",
				fields[0].ObjectDefinition.Name, fields[0].Name))
		}
		return nil, false
	}
	return out, true
}

func (g *request) completeNullable(t *ast.Type, value any, fields []*ast.Field, path []any) (any, bool) {
	switch v := value.(type) {
	case nil:
		return nil, true
	case []*node:
		return g.completeList(t, v, fields, path)
	case *node:
		if v == nil {
			return nil, true
		}
		if v.kind == "" {
			v.kind = t.NamedType
		}
		var set ast.SelectionSet
		for _, f := range fields {
			set = append(set, f.SelectionSet...)
		}
		o, ok := g.object(v, set, path)
		if !ok {
			return nil, false
		}
		return o, true
	}
	return value, true
}

func (g *request) completeList(t *ast.Type, nodes []*node, fields []*ast.Field, path []any) (any, bool) {
	out := make([]any, 0, len(nodes))
	for i, n := range nodes {
		at := append(append([]any{}, path...), i)
		v, ok := g.complete(t.Elem, n, fields, at)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}
