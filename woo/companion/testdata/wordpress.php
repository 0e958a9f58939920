<?php
/**
 * The few pieces of WordPress and WooCommerce that the plugin touches, written
 * for its tests: hooks, REST objects, a database that understands its queries.
 *
 * @package Ankkor_Companion
 */

// phpcs:disable
define( 'ABSPATH', __DIR__ . '/' );
define( 'DB_NAME', 'shop' );

$GLOBALS['hooks'] = $GLOBALS['options'] = $GLOBALS['routes'] = $GLOBALS['orders'] = $GLOBALS['products'] = array();
$GLOBALS['can_read'] = true;
$GLOBALS['logged_in'] = false;
$GLOBALS['query_vars'] = array();

function add_filter( $name, $callback, $priority = 10, $args = 1 ) {
	$GLOBALS['hooks'][ $name ][ $priority ][] = array( $callback, $args );
}
function add_action( $name, $callback, $priority = 10, $args = 1 ) {
	add_filter( $name, $callback, $priority, $args );
}
function apply_filters( $name, $value, ...$more ) {
	$hooks = $GLOBALS['hooks'][ $name ] ?? array();
	ksort( $hooks );
	foreach ( $hooks as $list ) {
		foreach ( $list as list( $callback, $args ) ) {
			$value = call_user_func_array( $callback, array_slice( array_merge( array( $value ), $more ), 0, $args ) );
		}
	}
	return $value;
}
function do_action( $name, ...$args ) {
	apply_filters( $name, ...( $args ? $args : array( null ) ) );
}
function get_option( $name, $fallback = false ) {
	$early = apply_filters( 'pre_option_' . $name, false );
	return false !== $early ? $early : ( $GLOBALS['options'][ $name ] ?? $fallback );
}
function update_option( $name, $value, $autoload = null ) {
	$GLOBALS['options'][ $name ] = $value;
}
function __( $text, $domain = '' ) {
	return $text;
}
function absint( $value ) {
	return abs( (int) $value );
}
function wp_json_encode( $value ) {
	return json_encode( $value );
}
function wp_unslash( $value ) {
	return stripslashes( $value );
}
function sanitize_text_field( $value ) {
	return trim( strip_tags( $value ) );
}
function is_user_logged_in() {
	return $GLOBALS['logged_in'];
}
function get_query_var( $name ) {
	return $GLOBALS['query_vars'][ $name ] ?? '';
}
function register_rest_route( $namespace, $route, $args ) {
	$GLOBALS['routes'][ '/' . $namespace . $route ] = $args;
}
function rest_authorization_required_code() {
	return 401;
}
function rest_ensure_response( $value ) {
	return $value instanceof WP_REST_Response || $value instanceof WP_Error ? $value : new WP_REST_Response( $value );
}
function is_wp_error( $value ) {
	return $value instanceof WP_Error;
}
function wc_rest_check_post_permissions( $type, $context ) {
	return 'shop_order' === $type && 'read' === $context && $GLOBALS['can_read'];
}
function wc_get_order_statuses() {
	return array( 'wc-pending' => '', 'wc-processing' => '', 'wc-checkout-draft' => '' );
}
function wc_get_order( $id ) {
	return $GLOBALS['orders'][ $id ] ?? false;
}
function wc_get_orders( $query ) {
	$wanted = $query['meta_query'][0];
	return array_values( array_filter( $GLOBALS['orders'], function ( $order ) use ( $query, $wanted ) {
		return in_array( 'wc-' . $order->get_status(), $query['status'], true ) && $order->get_meta( $wanted['key'] ) === $wanted['value'];
	} ) );
}
function wc_get_product( $id ) {
	return $GLOBALS['products'][ $id ] ?? false;
}
function rest_do_request( $request ) {
	$id = (int) basename( $request->get_route() );
	return new WP_REST_Response( array( 'id' => $id, 'status' => $GLOBALS['orders'][ $id ]->get_status(), 'dp' => $request['dp'] ) );
}
function WC() {
	return $GLOBALS['woocommerce'];
}

class WP_Error {
	public $code, $message, $data;
	public function __construct( $code, $message, $data ) {
		list( $this->code, $this->message, $this->data ) = array( $code, $message, $data );
	}
}

class WP_REST_Response {
	private $data, $status, $headers = array();
	public function __construct( $data, $status = 200 ) {
		list( $this->data, $this->status ) = array( $data, $status );
	}
	public function get_data() {
		return $this->data;
	}
	public function set_data( $data ) {
		$this->data = $data;
	}
	public function get_status() {
		return $this->status;
	}
	public function header( $name, $value ) {
		$this->headers[ $name ] = $value;
	}
	public function get_headers() {
		return $this->headers;
	}
}

class WP_REST_Request implements ArrayAccess {
	private $method, $route, $query = array(), $json;
	public function __construct( $method, $route, $json = null ) {
		list( $this->method, $this->route, $this->json ) = array( $method, $route, $json );
	}
	public function get_method() {
		return $this->method;
	}
	public function get_route() {
		return $this->route;
	}
	public function set_query_params( $query ) {
		$this->query = $query;
	}
	public function get_json_params() {
		return $this->json;
	}
	public function get_body_params() {
		return array();
	}
	#[ReturnTypeWillChange]
	public function offsetGet( $name ) {
		return $this->json[ $name ] ?? $this->query[ $name ] ?? null;
	}
	#[ReturnTypeWillChange]
	public function offsetExists( $name ) {
		return null !== $this->offsetGet( $name );
	}
	#[ReturnTypeWillChange]
	public function offsetSet( $name, $value ) {}
	#[ReturnTypeWillChange]
	public function offsetUnset( $name ) {}
}

class WC_Order {
	public $id, $status = 'pending', $key = '', $meta = array();
	public function get_id() {
		return $this->id;
	}
	public function get_status() {
		return $this->status;
	}
	public function get_order_key() {
		return $this->key;
	}
	public function get_meta( $name ) {
		return $this->meta[ $name ] ?? '';
	}
	public function delete( $force ) {
		want( false, $force, 'force' );
		$this->status = 'trash';
	}
}

class WC_Product {
	public $id, $parent = 0, $managed_by, $managing = true;
	public function __construct( $id, $parent = 0, $managed_by = 0, $managing = true ) {
		list( $this->id, $this->parent, $this->managed_by, $this->managing ) = array( $id, $parent, $managed_by ? $managed_by : $id, $managing );
	}
	public function get_id() {
		return $this->id;
	}
	public function get_parent_id() {
		return $this->parent;
	}
	public function get_stock_managed_by_id() {
		return $this->managed_by;
	}
	public function managing_stock() {
		return $this->managing;
	}
}

class Session {
	private $values = array();
	public function get( $name ) {
		return $this->values[ $name ] ?? null;
	}
	public function set( $name, $value ) {
		$this->values[ $name ] = $value;
	}
}

class Cart {
	public $empty = true;
	public function is_empty() {
		return $this->empty;
	}
}

/**
 * The plugin's two tables, MySQL's named locks, and the _stock rows.
 */
class Database {
	public $prefix = 'wp_', $postmeta = 'wp_postmeta';
	public $keys = array(), $revisions = array(), $stock = array(), $locks = array(), $log = array();
	public $elsewhere = array(); // locks that another connection holds
	public function get_charset_collate() {
		return '';
	}
	public function prepare( $sql, ...$args ) {
		return array( $sql, $args );
	}
	private function run( $query ) {
		list( $sql, $args ) = is_array( $query ) ? $query : array( $query, array() );
		$this->log[] = $sql;
		switch ( true ) {
			case false !== strpos( $sql, 'GET_LOCK' ):
				if ( strlen( $args[0] ) > 64 || in_array( $args[0], $this->elsewhere, true ) ) {
					return '0';
				}
				$this->locks[ $args[0] ] = true;
				return '1';
			case false !== strpos( $sql, 'RELEASE_LOCK' ):
				unset( $this->locks[ $args[0] ] );
				return '1';
			case 0 === strpos( $sql, 'SELECT order_id' ):
				return $this->keys[ $args[0] ] ?? null;
			case 0 === strpos( $sql, 'INSERT INTO wp_ankkor_order_keys' ):
				$this->keys[ $args[0] ] = (object) array( 'order_id' => (string) $args[1], 'request_hash' => $args[2] );
				return 1;
			case 0 === strpos( $sql, 'INSERT INTO wp_ankkor_stock_revisions' ):
				$this->revisions[ $args[0] ] = ( $this->revisions[ $args[0] ] ?? 0 ) + 1;
				return 1;
			case 0 === strpos( $sql, 'SELECT revision' ):
				return isset( $this->revisions[ $args[0] ] ) ? (string) $this->revisions[ $args[0] ] : null;
			case 0 === strpos( $sql, 'SELECT meta_value' ):
				return $this->stock[ $args[0] ] ?? null;
			case 0 === strpos( $sql, 'CREATE TABLE IF NOT EXISTS wp_ankkor_' ):
				return true;
		}
		throw new Exception( 'unexpected query: ' . $sql );
	}
	public function query( $query ) {
		return $this->run( $query );
	}
	public function get_var( $query ) {
		return $this->run( $query );
	}
	public function get_row( $query ) {
		return $this->run( $query );
	}
}

$GLOBALS['wpdb']        = new Database();
$GLOBALS['woocommerce'] = (object) array( 'session' => new Session(), 'cart' => new Cart() );
