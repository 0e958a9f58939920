package adjust

import (
	"fmt"
	"log/slog"
)

// LogValue implements slog.LogValuer.
func (p Purchase) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(p)) }
