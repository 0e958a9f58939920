package mail

import (
	"fmt"
	"log/slog"
)

// LogValue implements slog.LogValuer: a letter says to nobody but its recipient what is in it.
func (l Letter) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(l)) }
