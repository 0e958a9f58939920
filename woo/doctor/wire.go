package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http/httptrace"
	"sync"
)

// wire is what was seen of the connection to the store.
type wire struct {
	mu     sync.Mutex
	remote net.Addr
	tls    *tls.ConnectionState
}

// watch notes the connection that requests under the context get.
func (w *wire) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: w.got})
}

func (w *wire) got(info httptrace.GotConnInfo) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.remote = info.Conn.RemoteAddr()
	if secured, ok := info.Conn.(interface{ ConnectionState() tls.ConnectionState }); ok {
		state := secured.ConnectionState()
		w.tls = &state
	}
}

// seen reports whether there was a connection to look at.
func (w *wire) seen() bool { return w.remote != nil }

// private reports whether the connection stays on this machine or its network.
func (w *wire) private() bool {
	host, _, err := net.SplitHostPort(w.remote.String())
	ip := net.ParseIP(host)
	return err == nil && ip != nil && (ip.IsLoopback() || ip.IsPrivate())
}

// certificate is the store's own, nil over plain http.
func (w *wire) certificate() *x509.Certificate {
	if w.tls == nil || len(w.tls.PeerCertificates) == 0 {
		return nil
	}
	return w.tls.PeerCertificates[0]
}
