package graphql

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// coercion finds what is wrong inside a variable, in webonyx' words
// (Value::coerceInputValue).
type coercion struct {
	g        *request
	variable string
	found    []string
}

// variableErrors are all complaints about one variable.
func (g *request) variableErrors(v *ast.VariableDefinition, value any) []string {
	c := &coercion{g: g, variable: v.Variable}
	c.check(v.Type, value, "")
	return c.found
}

func (c *coercion) complain(value any, path, reason string) {
	at := ""
	if path != "" {
		at = fmt.Sprintf(" at %q", c.variable+path)
	}
	c.found = append(c.found, fmt.Sprintf("Variable %q got invalid value %s%s; %s", "$"+c.variable, shown(value), at, reason))
}

func (c *coercion) check(t *ast.Type, value any, path string) {
	if value == nil {
		if t.NonNull {
			c.complain(nil, path, fmt.Sprintf("Expected non-nullable type %q not to be null.", t.String()))
		}
		return
	}
	if t.Elem != nil {
		c.list(t.Elem, value, path)
		return
	}
	def := c.g.schema.Types[t.NamedType]
	if def != nil && def.Kind == ast.InputObject {
		c.object(def, value, path)
		return
	}
	if reason := c.g.scalarError(t.NamedType, value); reason != "" {
		c.complain(value, path, reason)
	}
}

// list checks the elements. One that is not in a list counts as a list of one,
// but PHP takes an object for a list of its members.
func (c *coercion) list(t *ast.Type, value any, path string) {
	switch list := value.(type) {
	case []any:
		for i, x := range list {
			c.check(t, x, path+"["+strconv.Itoa(i)+"]")
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(list)) {
			c.check(t, list[name], path+"."+name)
		}
	default:
		c.check(t, value, path)
	}
}

// object checks the fields of an input object in the schema's order, then
// those the schema does not know.
func (c *coercion) object(def *ast.Definition, value any, path string) {
	fields, ok := value.(map[string]any)
	if !ok {
		c.complain(value, path, fmt.Sprintf("Expected type %q to be an object.", def.Name))
		return
	}
	for _, f := range def.Fields {
		given, there := fields[f.Name]
		switch {
		case there:
			c.check(f.Type, given, path+"."+f.Name)
		case f.Type.NonNull && f.DefaultValue == nil:
			c.complain(value, path, fmt.Sprintf("Field %q of required type %q was not provided.", f.Name, f.Type.String()))
		}
	}
	var unknown []string
	for name := range fields {
		if def.Fields.ForName(name) == nil {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		c.complain(value, path, fmt.Sprintf("Field %q is not defined by type %q.", name, def.Name))
	}
}
