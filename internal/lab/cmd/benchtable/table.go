package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// row is one path and one rival. Rates are per second, 0 where they are not known.
type row struct {
	path, rival       string
	ours, theirs      float64
	ratio, goal       float64
	measured, hasGoal bool
}

type rows []row

// table compares what was measured with the goals, in the order of the paths.
func table(measured results) rows {
	var all rows
	for path, metrics := range measured {
		for unit := range metrics {
			if r, ok := measured.compared(path, unit); ok {
				all = append(all, r)
			}
		}
	}
	for _, p := range pairs() {
		ours, ok := measured.median(p.path, "ns/op")
		theirs, ok2 := measured.median(p.rivalPath, "ns/op")
		if ok && ok2 && ours > 0 && theirs > 0 {
			all = append(all, row{path: p.path, rival: p.rival, ours: 1e9 / ours, theirs: 1e9 / theirs, ratio: theirs / ours, measured: true})
		}
	}
	for _, g := range goals() {
		at := slices.IndexFunc(all, func(r row) bool { return r.path == g.path && r.rival == g.rival })
		if at < 0 {
			at = len(all)
			all = append(all, row{path: g.path, rival: g.rival})
		}
		all[at].goal, all[at].hasGoal = g.ratio, true
	}
	slices.SortFunc(all, func(a, b row) int { return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.rival, b.rival)) })
	return all
}

// compared is the row of a metric that compares us with a rival.
func (r results) compared(path, unit string) (row, bool) {
	label, rival, ok := strings.Cut(unit, "/")
	if !ok || label != "ours" && label != "p99-ours" {
		return row{}, false
	}
	ratio, _ := r.median(path, unit)
	if label == "p99-ours" {
		return row{path: path, rival: p99 + rival, ratio: ratio, measured: true}, true
	}
	compared := row{path: path, rival: rival, ratio: ratio, measured: true}
	compared.theirs, _ = r.median(path, rival+"/s")
	for _, rate := range []string{"ours/s", "calls/s", "orders/s"} {
		if value, ok := r.median(path, rate); ok {
			compared.ours = value
		}
	}
	return compared, unit != "ours/s"
}

func (all rows) write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "PATH\tOURS\tRIVAL\tTHEIRS\tRATIO\tGOAL\t")
	missed, unmeasured, reached := 0, 0, 0
	for _, r := range all {
		verdict := r.verdict()
		switch verdict {
		case "missed":
			missed++
		case "not measured":
			unmeasured++
		case "reached":
			reached++
		}
		ratio := "-"
		if r.measured {
			ratio = fmt.Sprintf("%.2f", r.ratio)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.path, rate(r.ours), r.rival, rate(r.theirs), ratio, r.wanted(), verdict)
	}
	fmt.Fprintf(w, "\n%d goals reached, %d missed, %d not measured\n", reached, missed, unmeasured)
	return w.Flush()
}

// rate is a rate as people read it.
func rate(perSecond float64) string {
	switch {
	case perSecond == 0:
		return "-"
	case perSecond >= 1e6:
		return fmt.Sprintf("%.1fM/s", perSecond/1e6)
	case perSecond >= 1e3:
		return fmt.Sprintf("%.1fk/s", perSecond/1e3)
	}
	return fmt.Sprintf("%.0f/s", perSecond)
}

// waiting says that less is better.
func (r row) waiting() bool { return strings.HasPrefix(r.rival, p99) }

func (r row) wanted() string {
	switch {
	case !r.hasGoal:
		return ""
	case r.waiting():
		return fmt.Sprintf("≤ %.3g", r.goal)
	}
	return fmt.Sprintf("≥ %.3g", r.goal)
}

func (r row) verdict() string {
	switch {
	case !r.hasGoal:
		return ""
	case !r.measured:
		return "not measured"
	case r.waiting() == (r.ratio <= r.goal) || r.ratio == r.goal:
		return "reached"
	}
	return "missed"
}
