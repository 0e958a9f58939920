package doctor

import (
	"fmt"
	"io"
	"slices"
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

// headings are those of the severities.
func headings() map[Severity]string {
	return map[Severity]string{
		Breaks:    "BROKEN: this loses orders, money or stock, or stops the shop",
		Warns:     "WARNING: this shows under load, after a failure, or later",
		Notes:     "WORTH KNOWING",
		Unchecked: "COULD NOT BE CHECKED",
	}
}

// writeSeverity writes the findings of one severity under a heading.
func (r Report) writeSeverity(b *strings.Builder, s Severity) {
	var list []Finding
	for _, f := range r.Findings {
		if f.Severity == s {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "%s\n\n", headings()[s])
	if s == Unchecked {
		writeUnchecked(b, list)
		return
	}
	for _, f := range list {
		fmt.Fprintf(b, "  %s: %s.\n    Effect: %s\n    Mend:   %s\n\n", f.Code, strings.TrimSuffix(f.Found, "."), f.Breaks, f.Mend)
	}
}

// writeUnchecked says once what several questions could not be asked for.
func writeUnchecked(b *strings.Builder, list []Finding) {
	codes := map[string][]string{}
	var reasons []string
	for _, f := range list {
		if codes[f.Found] == nil {
			reasons = append(reasons, f.Found)
		}
		if !slices.Contains(codes[f.Found], string(f.Code)) {
			codes[f.Found] = append(codes[f.Found], string(f.Code))
		}
	}
	for _, reason := range reasons {
		fmt.Fprintf(b, "  %s\n    %s\n\n", strings.Join(codes[reason], ", "), reason)
	}
}
