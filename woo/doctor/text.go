package doctor

import (
	"fmt"
	"io"
	"strings"
)

// WriteText writes the report for people.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, looked at on %s\n\n", r.Store, r.CheckedAt.UTC().Format("2 January 2006 15:04 UTC"))
	r.writeVersions(&b)
	for _, s := range Severities() {
		r.writeSeverity(&b, s)
	}
	fmt.Fprintf(&b, "%d questions asked, %d of them without a finding.\n", len(Codes()), len(r.Passed))
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Report) writeVersions(b *strings.Builder) {
	v := r.Versions
	var parts []string
	for _, part := range []struct{ name, version string }{
		{"WordPress", v.WordPress}, {"WooCommerce", v.WooCommerce}, {"WPGraphQL", v.WPGraphQL}, {"WooGraphQL", v.WooGraphQL},
		{"WPGraphQL JWT", v.JWT}, {"Ankkor Companion", v.Companion}, {"PHP", v.PHP},
	} {
		if part.version != "" {
			parts = append(parts, part.name+" "+part.version)
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(b, "%s\n\n", strings.Join(parts, ", "))
	}
}

// writeSeverity writes the findings of one severity under a heading. What could
// not be asked for the same reason is said once.
func (r Report) writeSeverity(b *strings.Builder, s Severity) {
	headings := map[Severity]string{
		Breaks:    "BROKEN: this loses orders, money or stock, or stops the shop",
		Warns:     "WARNING: this shows under load, after a failure, or later",
		Notes:     "WORTH KNOWING",
		Unchecked: "COULD NOT BE CHECKED",
	}
	reasons := map[string][]string{}
	var order []string
	wrote := false
	for _, f := range r.Findings {
		if f.Severity != s {
			continue
		}
		if !wrote {
			fmt.Fprintf(b, "%s\n\n", headings[s])
			wrote = true
		}
		if s == Unchecked {
			if reasons[f.Found] == nil {
				order = append(order, f.Found)
			}
			reasons[f.Found] = append(reasons[f.Found], string(f.Code))
			continue
		}
		fmt.Fprintf(b, "  %s: %s.\n    Breaks: %s\n    Mend:   %s\n\n", f.Code, strings.TrimSuffix(f.Found, "."), f.Breaks, f.Mend)
	}
	for _, reason := range order {
		fmt.Fprintf(b, "  %s\n    %s\n\n", strings.Join(reasons[reason], ", "), reason)
	}
}
