package graphql

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/sessions"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// request is one operation on its way to an answer.
type request struct {
	site   *site.Site
	state  *site.State
	schema *ast.Schema
	op     operation
	get    bool
	who    accounts.Identity // changes when a mutation signs somebody in
	visit  *sessions.Visit
	vars   map[string]any
	doc    *ast.QueryDocument
	errs   []queryError
}

// noOperation is the message for a document in which the operation is not, or
// that has several and names none.
func noOperation(name string) string {
	if name == "" {
		return "Failed to determine operation type"
	}
	return fmt.Sprintf("Unknown operation named %q.", name)
}

// run answers the result object, or the syntax error that WPGraphQL answers
// with status 500.
func (g *request) run() (wp.Object, *queryError) {
	if strings.TrimSpace(g.op.Query) == "" {
		return g.refused(queryError{Message: `GraphQL Request must include at least one of those two parameters: "query" or "queryId"`}), nil
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: g.op.Query})
	if err != nil {
		syntax := fromParser(err)
		syntax.Message = "Syntax Error: " + syntax.Message
		return nil, &syntax
	}
	g.doc = doc
	op := doc.Operations.ForName(g.op.Name)
	if op == nil {
		return g.refused(queryError{Message: noOperation(g.op.Name)}), nil
	}
	if g.get && op.Operation != ast.Query {
		return g.refused(queryError{Message: "GET supports only query operation"}), nil
	}
	if bad := g.validate(op); len(bad) > 0 {
		return g.refused(bad...), nil
	}
	data := g.execute(op)
	out := wp.Object{}
	if len(g.errs) > 0 {
		out = out.With("errors", g.errs)
	}
	return out.With("data", data).With("extensions", debugExtension()), nil
}

// refused is an answer without data.
func (g *request) refused(errs ...queryError) wp.Object {
	return wp.Object{{"errors", errs}, {"extensions", debugExtension()}}
}

// debugExtension is on every answer, in production too.
func debugExtension() wp.Object {
	return wp.Object{{"debug", []wp.Object{{
		{"type", "DEBUG_LOGS_INACTIVE"},
		{"message", "GraphQL Debug logging is not active. To see debug logs, GRAPHQL_DEBUG must be enabled."},
	}}}}
}

func fromParser(err error) queryError {
	var e *gqlerror.Error
	if !errors.As(err, &e) {
		return queryError{Message: err.Error()}
	}
	out := queryError{Message: e.Message}
	for _, l := range e.Locations {
		out.Locations = append(out.Locations, location{l.Line, l.Column})
	}
	return out
}

// validate checks the document against the schema and reads the variables.
func (g *request) validate(op *ast.OperationDefinition) []queryError {
	if usesIntrospection(g.doc) {
		return []queryError{{Message: "The query contained __schema or __type, however GraphQL introspection is not allowed for public requests by default. Public introspection can be enabled under the WPGraphQL Settings."}}
	}
	var out []queryError
	for _, e := range validator.ValidateWithRules(g.schema, g.doc, rules.NewDefaultRules()) {
		bad := fromParser(e)
		bad.Message = strings.Replace(bad.Message, " is required, but it was not provided.", " is required but not provided.", 1)
		out = append(out, bad)
	}
	if len(out) > 0 {
		return out
	}
	if bad := g.checkVariables(op); len(bad) > 0 {
		return bad
	}
	vars, err := validator.VariableValues(g.schema, op, g.op.Variables)
	if err != nil {
		return []queryError{fromParser(err)}
	}
	g.vars = vars
	return nil
}

func usesIntrospection(doc *ast.QueryDocument) bool {
	return slices.ContainsFunc(doc.Operations, func(op *ast.OperationDefinition) bool { return selectsSchema(op.SelectionSet) })
}

func selectsSchema(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(s ast.Selection) bool {
		switch x := s.(type) {
		case *ast.Field:
			return x.Name == "__schema" || x.Name == "__type"
		case *ast.InlineFragment:
			return selectsSchema(x.SelectionSet)
		}
		return false
	})
}

// checkVariables gives wrong values webonyx' own words.
func (g *request) checkVariables(op *ast.OperationDefinition) []queryError {
	var out []queryError
	for _, v := range op.VariableDefinitions {
		value, given := g.op.Variables[v.Variable]
		for _, text := range g.variableError(v, value, given) {
			out = append(out, queryError{Message: text, Locations: []location{{v.Position.Line, v.Position.Column}}})
		}
	}
	return out
}

func (g *request) variableError(v *ast.VariableDefinition, value any, given bool) []string {
	name := `"$` + v.Variable + `"`
	switch {
	case !given && v.Type.NonNull && v.DefaultValue == nil:
		return []string{fmt.Sprintf("Variable %s of required type %q was not provided.", name, v.Type.String())}
	case given && value == nil && v.Type.NonNull:
		return []string{fmt.Sprintf("Variable %s of non-null type %q must not be null.", name, v.Type.String())}
	case !given:
		return nil
	}
	return g.variableErrors(v, value)
}

// shown prints a value as JSON.
func shown(value any) string {
	raw, err := wp.PlainJSON(value)
	if err != nil {
		return "null"
	}
	return string(raw)
}

func (g *request) scalarError(kind string, value any) string {
	number, isNumber := value.(json.Number)
	text, isText := value.(string)
	_, isBool := value.(bool)
	switch kind {
	case "Int":
		if !isNumber || strings.ContainsAny(number.String(), ".eE") {
			return "Int cannot represent non-integer value: " + shown(value)
		}
	case "Float":
		if !isNumber {
			return "Float cannot represent non numeric value: " + shown(value)
		}
	case "String":
		if !isText {
			return "String cannot represent a non string value: " + shown(value)
		}
	case "Boolean":
		if !isBool {
			return "Boolean cannot represent a non boolean value: " + shown(value)
		}
	case "ID":
		if !isText && !isNumber {
			return "ID cannot represent a non-string and non-integer value: " + shown(value)
		}
	default:
		def := g.schema.Types[kind]
		if def != nil && def.Kind == ast.Enum && (!isText || def.EnumValues.ForName(text) == nil) {
			return fmt.Sprintf("Value %s does not exist in %q enum.", shown(value), kind)
		}
	}
	return ""
}
