package auth

import "github.com/ankkor/ankkor/internal/secret"

// Secret is a text that no formatter, encoder or logger prints. The packages payment and woo use the same type.
type Secret = secret.Secret

// NewSecret hides a text, for example one that the host has read from its environment.
func NewSecret(text string) Secret { return secret.New(text) }
