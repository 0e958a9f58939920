package linear

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// Print writes the history as text, in the order of the calls.
func (h History) Print(w io.Writer) {
	fmt.Fprintf(w, "seed %d, stock at the outset %s\n", h.Seed, describeLevels(h.Begin))
	operations := slices.Clone(h.Operations)
	slices.SortFunc(operations, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
	for _, o := range operations {
		end := "never"
		if o.Return != math.MaxInt64 {
			end = time.Duration(o.Return).String()
		}
		fmt.Fprintf(w, "client %2d  %12s … %-12s %s -> %s\n", o.ClientId, time.Duration(o.Call), end,
			describe(o.Input.(Call)), describeAnswer(o.Output.(Answer)))
	}
}

// Save keeps the history in the folder: as text, and as a page that shows how far
// an explanation goes. It returns the path of the text.
func (h History) Save(folder, name string) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(folder, name)
	var text strings.Builder
	h.Print(&text)
	if err := os.WriteFile(path+".txt", []byte(text.String()), 0o644); err != nil {
		return "", err
	}
	model := Model(h.Begin)
	_, info := porcupine.CheckOperationsVerbose(model, h.Operations, 10*time.Second)
	return path + ".txt", porcupine.VisualizePath(model, info, path+".html")
}

func describe(c Call) string {
	switch c.Kind {
	case Reserve:
		text := fmt.Sprintf("reserve r%d %v from %v", c.ID, c.Want, c.Order)
		if c.Whole {
			text += " unsplit"
		}
		if c.Replaces != None {
			text += fmt.Sprintf(" replacing r%d", c.Replaces)
		}
		return text
	case Extend:
		return fmt.Sprintf("extend r%d by %s", c.ID, c.TTL)
	case Release:
		return fmt.Sprintf("release r%d", c.ID)
	case Set, Conclude:
		text := string(c.Kind)
		if c.Kind == Conclude {
			text += fmt.Sprintf(" r%d", c.ID)
		}
		for k, t := range c.Told {
			if t.Set {
				text += fmt.Sprintf(" key %d to %d (%d allocated, revision %d)", k, t.OnHand, t.Allocated, t.Revision)
			}
		}
		return text
	case Move:
		text := fmt.Sprintf("%s %v", c.Move, c.Quantity)
		if c.ID != None {
			text += fmt.Sprintf(" using r%d", c.ID)
		}
		return text
	}
	return string(c.Kind)
}

func describeAnswer(a Answer) string {
	text := string(a.Outcome)
	if a.State != "" {
		text += fmt.Sprintf(" (%s %v until %s)", a.State, a.Held, time.Unix(0, a.Expires).UTC().Format("15:04:05.000000"))
	}
	if a.Outcome == Short {
		text += fmt.Sprintf(" (%v of items %v)", a.Have, a.Short)
	}
	if a.Levels != ([Keys]Level{}) {
		text += " " + describeLevels(a.Levels)
	}
	return text
}

func describeLevels(levels [Keys]Level) string {
	var text []string
	for _, l := range levels {
		text = append(text, fmt.Sprintf("%d-%d-%d·%d", l.OnHand, l.Allocated, l.Reserved, l.Revision))
	}
	return "[" + strings.Join(text, " ") + "]"
}
