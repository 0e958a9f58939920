<?php
/**
 * The plugin's tests: php cases.php <plugin file>. One line per case, "ok name"
 * or "not ok name: why".
 *
 * @package Ankkor_Companion
 */

// phpcs:disable
error_reporting( E_ALL );
set_error_handler( function ( $level, $text, $file, $line ) {
	throw new ErrorException( "$text at line $line", 0, $level, $file, $line );
} );

if ( isset( $argv[2] ) ) {
	require __DIR__ . '/wordpress.php';
	require $argv[1];
	try {
		$argv[2]();
		echo "ok {$argv[2]}\n";
	} catch ( Throwable $e ) {
		echo "not ok {$argv[2]}: {$e->getMessage()}\n";
	}
	exit;
}

foreach ( array_filter( get_defined_functions()['user'], function ( $f ) { return 0 === strpos( $f, 'test_' ); } ) as $case ) {
	passthru( implode( ' ', array_map( 'escapeshellarg', array( PHP_BINARY, __FILE__, $argv[1], $case ) ) ) );
}

function want( $want, $got, $what ) {
	if ( $want !== $got ) {
		throw new Exception( $what . ' is ' . json_encode( $got ) . ', want ' . json_encode( $want ) );
	}
}

/** A body as Ankkor sends it. */
function body( $token, $quantity = 1 ) {
	return array(
		'status'     => 'pending',
		'meta_data'  => array( array( 'key' => 'other', 'value' => 'x' ), array( 'key' => '_ankkor_token', 'value' => $token ) ),
		'line_items' => array( array( 'product_id' => 7, 'quantity' => $quantity ) ),
	);
}

/** WooCommerce's own handler: makes an order each time it is called. */
function create( $request ) {
	$order         = new WC_Order();
	$order->id     = 100 + count( $GLOBALS['orders'] );
	$order->key    = 'wc_order_' . $order->id;
	foreach ( $request['meta_data'] ?? array() as $entry ) {
		$order->meta[ $entry['key'] ] = $entry['value'];
	}
	$GLOBALS['orders'][ $order->id ] = $order;
	return new WP_REST_Response( array( 'id' => $order->id, 'status' => 'pending' ), 201 );
}

/** A request as WordPress dispatches it. */
function post( $body, $callback = 'create', $query = array() ) {
	$request = new WP_REST_Request( 'POST', '/wc/v3/orders', $body );
	$request->set_query_params( $query );
	$result = apply_filters( 'rest_dispatch_request', null, $request, '/wc/v3/orders', array( 'callback' => $callback ) );
	return null === $result ? $callback( $request ) : $result;
}

function refused( $code, $status, $got, $what ) {
	want( true, $got instanceof WP_Error, "$what refused" );
	want( $code, $got->code, "$what: code" );
	want( $status, $got->data['status'], "$what: status" );
}

function test_a_key_makes_one_order() {
	$first  = post( body( 't-1' ) );
	$second = post( body( 't-1' ), 'create', array( 'oauth_nonce' => 'another', 'dp' => 6 ) );
	want( 201, $first->get_status(), 'first status' );
	want( 200, $second->get_status(), 'second status' );
	want( array( 'id' => 100, 'status' => 'pending', 'dp' => 6 ), $second->get_data(), 'second order' );
	want( '1', $second->get_headers()['X-Ankkor-Replay'] ?? null, 'replay header' );
	want( 1, count( $GLOBALS['orders'] ), 'orders' );
	want( array(), $GLOBALS['wpdb']->locks, 'locks left' );
}

function test_two_keys_make_two_orders() {
	post( body( 't-1' ) );
	post( body( 't-2' ) );
	want( 2, count( $GLOBALS['orders'] ), 'orders' );
}

function test_the_order_of_members_does_not_matter() {
	post( body( 't-1' ) );
	want( 200, post( array_reverse( body( 't-1' ), true ) )->get_status(), 'status' );
}

function test_without_a_key_nothing_changes() {
	post( array( 'status' => 'pending' ) );
	post( array( 'status' => 'pending', 'meta_data' => array( array( 'key' => 'other', 'value' => 't' ), 'nonsense' ) ), 'make_anything' );
	want( 0, count( $GLOBALS['wpdb']->keys ), 'keys' );
}

function make_anything( $request ) {
	return new WP_REST_Response( array(), 201 );
}

function test_another_body_is_refused() {
	post( body( 't-1' ) );
	refused( 'ankkor_key_reused', 422, post( body( 't-1', 2 ) ), 'another quantity' );
	want( 1, count( $GLOBALS['orders'] ), 'orders' );
	want( array(), $GLOBALS['wpdb']->locks, 'locks left' );
}

function test_a_trashed_order_frees_its_key() {
	post( body( 't-1' ) );
	$GLOBALS['orders'][100]->status = 'trash';
	want( 101, post( body( 't-1', 2 ) )->get_data()['id'], 'new order' );
	want( 101, post( body( 't-1', 2 ) )->get_data()['id'], 'replayed order' );
	want( 2, count( $GLOBALS['orders'] ), 'orders' );
}

function test_a_deleted_order_does_not() {
	post( body( 't-1' ) );
	unset( $GLOBALS['orders'][100] );
	refused( 'ankkor_order_deleted', 410, post( body( 't-1' ) ), 'creation' );
}

function test_an_order_nobody_noted_is_found() {
	create( new WP_REST_Request( 'POST', '', body( 't-1' ) ) ); // PHP died before the row was written.
	want( 100, post( body( 't-1' ) )->get_data()['id'], 'order' );
	want( '100', $GLOBALS['wpdb']->keys['t-1']->order_id, 'noted' );
	want( 1, count( $GLOBALS['orders'] ), 'orders' );
}

function test_a_draft_left_by_a_refusal_is_not() {
	create( new WP_REST_Request( 'POST', '', body( 't-1' ) ) );
	$GLOBALS['orders'][100]->status = 'checkout-draft';
	want( 101, post( body( 't-1' ) )->get_data()['id'], 'order' );
}

function test_a_key_in_use_waits_and_then_says_so() {
	$GLOBALS['wpdb']->elsewhere = array( 'ankkor_' . md5( 'shop|wp_ankkor_order_keys|t-1' ) );
	refused( 'ankkor_key_in_use', 409, post( body( 't-1' ) ), 'creation' );
	want( 0, count( $GLOBALS['orders'] ), 'orders' );
}

function test_the_lock_is_held_while_the_order_is_made() {
	post( body( 't-1' ), 'create_looking_at_locks' );
}

function create_looking_at_locks( $request ) {
	want( 1, count( $GLOBALS['wpdb']->locks ), 'locks held' );
	return create( $request );
}

function test_a_refusal_of_woocommerce_is_handed_on() {
	refused( 'woocommerce_rest_invalid_coupon', 400, post( body( 't-1' ), 'refuse' ), 'creation' );
	want( array(), $GLOBALS['wpdb']->locks, 'locks left' );
	want( 201, post( body( 't-1' ) )->get_status(), 'status afterwards' );
}

function refuse( $request ) {
	return new WP_Error( 'woocommerce_rest_invalid_coupon', 'no', array( 'status' => 400 ) );
}

function test_what_a_refusal_leaves_is_trashed() {
	foreach ( array( 'checkout-draft', 'pending' ) as $n => $status ) {
		refused( 'woocommerce_rest_invalid_coupon', 400, post( body( "t-$n" ), 'refuse_leaving_' . strtok( $status, '-' ) ), $status );
		want( 'trash', $GLOBALS['orders'][ 100 + 2 * $n ]->status, "what $status became" );
		want( 201, post( body( "t-$n" ) )->get_status(), 'status afterwards' );
	}
}

function refuse_leaving_checkout( $request ) {
	create( $request );
	end( $GLOBALS['orders'] )->status = 'checkout-draft';
	return refuse( $request );
}

function refuse_leaving_pending( $request ) {
	create( $request );
	return refuse( $request );
}

function test_an_exception_leaves_no_lock() {
	try {
		post( body( 't-1' ), 'explode_now' );
		throw new LogicException( 'the exception was swallowed' );
	} catch ( RuntimeException $e ) {
		want( array(), $GLOBALS['wpdb']->locks, 'locks left' );
	}
}

function explode_now() {
	throw new RuntimeException( 'a plugin failed' );
}

function test_bad_keys_are_refused() {
	foreach ( array( '', 'a b', "a\n", str_repeat( 'k', 129 ), "a'b", 'ä', 12, null, array( 'x' ) ) as $key ) {
		refused( 'ankkor_invalid_key', 400, post( body( $key ) ), json_encode( $key ) );
	}
	want( 0, count( $GLOBALS['orders'] ), 'orders' );
}

function test_other_requests_pass() {
	foreach ( array( array( 'PUT', '/wc/v3/orders/(?P<id>[\d]+)' ), array( 'GET', '/wc/v3/orders' ), array( 'POST', '/wc/v3/products' ) ) as list( $method, $route ) ) {
		want( null, apply_filters( 'rest_dispatch_request', null, new WP_REST_Request( $method, $route, body( 't' ) ), $route, array() ), "$method $route" );
	}
	want( 'theirs', apply_filters( 'rest_dispatch_request', 'theirs', new WP_REST_Request( 'POST', '/wc/v3/orders', body( 't' ) ), '/wc/v3/orders', array() ), 'what another plugin answered' );
}

function route( $name ) {
	do_action( 'rest_api_init' );
	return $GLOBALS['routes'][ '/wc-ankkor/v1' . $name ];
}

function test_lookup() {
	$route = route( '/orders' );
	post( body( 't-1' ) );
	$look = function ( $key ) use ( $route ) {
		return $route['callback']( new WP_REST_Request( 'GET', '', array( 'key' => $key ) ) )->get_data();
	};
	want( array( array( 'id' => 100, 'status' => 'pending' ) ), $look( 't-1' ), 'pending' );
	$GLOBALS['orders'][100]->status = 'trash';
	want( array( array( 'id' => 100, 'status' => 'trash' ) ), $look( 't-1' ), 'trashed' );
	want( array(), $look( 't-2' ), 'unknown' );
	unset( $GLOBALS['orders'][100] );
	want( array(), $look( 't-1' ), 'deleted' );
	want( false, $route['args']['key']['validate_callback']( 'a b' ), 'a bad key' );
}

function test_lookup_needs_the_right_to_read_orders() {
	$GLOBALS['can_read'] = false;
	foreach ( array( '/orders', '/status' ) as $name ) {
		refused( 'woocommerce_rest_cannot_view', 401, route( $name )['permission_callback'](), $name );
	}
}

function test_status() {
	want( array( 'order_key', 'order_lookup', 'guest_payment', 'stock_revision' ), route( '/status' )['callback']()->get_data()['features'], 'features' );
}

function test_answers_are_signed() {
	$signed = function ( $route ) {
		return apply_filters( 'rest_post_dispatch', new WP_REST_Response( array() ), null, new WP_REST_Request( 'GET', $route ) )->get_headers();
	};
	want( array( 'X-Ankkor-Companion' => Ankkor_Companion::VERSION ), $signed( '/wc/v3/orders' ), 'wc/v3' );
	want( array(), $signed( '/wp/v2/posts' ), 'wp/v2' );
}

/** Whether a visitor may pay order 100, with a key in the address. */
function may_pay( $key, $user = 0, $capability = 'pay_for_order' ) {
	$_GET = null === $key ? array() : array( 'key' => $key );
	return ! empty( apply_filters( 'user_has_cap', array(), array( $capability ), array( $capability, $user, 100 ) )['pay_for_order'] );
}

function test_who_holds_the_order_key_may_pay() {
	post( body( 't-1' ) );
	want( true, may_pay( 'wc_order_100' ), 'the key' );
	foreach ( array( null, '', 'wc_order_101', array( 'wc_order_100' ) ) as $key ) {
		want( false, may_pay( $key ), 'key ' . json_encode( $key ) );
	}
	want( false, may_pay( 'wc_order_100', 5 ), 'somebody else, logged in' );
	want( false, may_pay( 'wc_order_100', 0, 'edit_order' ), 'another capability' );
	$GLOBALS['orders'][100]->key = '';
	want( false, may_pay( '' ), 'an order without a key' );
}

function test_only_orders_of_ours_open_without_login() {
	post( array() );
	want( false, may_pay( 'wc_order_100' ), 'paying an order that is not ours' );
	want( true, apply_filters( 'woocommerce_order_email_verification_required', true, $GLOBALS['orders'][100] ), 'verification' );
}

function test_confirmation_without_login() {
	post( body( 't-1' ) );
	$GLOBALS['query_vars']['order-received'] = '100';
	$_GET = array( 'key' => 'wc_order_100' );
	want( false, apply_filters( 'woocommerce_order_received_verify_known_shoppers', true ), 'known shopper' );
	want( false, apply_filters( 'woocommerce_order_email_verification_required', true, $GLOBALS['orders'][100] ), 'verification' );
	$_GET = array( 'key' => 'wrong' );
	want( true, apply_filters( 'woocommerce_order_received_verify_known_shoppers', true ), 'known shopper with a wrong key' );
	want( true, apply_filters( 'woocommerce_order_email_verification_required', true, $GLOBALS['orders'][100] ), 'verification with a wrong key' );
	want( false, apply_filters( 'woocommerce_order_email_verification_required', false, $GLOBALS['orders'][100] ), 'what was not required' );
}

function test_a_handed_over_cart_needs_no_account() {
	$GLOBALS['options']['woocommerce_enable_guest_checkout'] = 'no';
	$required = function () {
		return array( apply_filters( 'woocommerce_checkout_registration_required', true ), get_option( 'woocommerce_enable_guest_checkout' ) );
	};
	want( array( true, 'no' ), $required(), 'an ordinary visitor' );
	$_GET = array( 'session' => 'token' );
	do_action( 'wp_loaded' );
	want( array( true, 'no' ), $required(), 'a token WooCommerce did not take' );
	WC()->cart->empty     = false;
	$GLOBALS['logged_in'] = true;
	do_action( 'wp_loaded' );
	want( array( true, 'no' ), $required(), 'a customer' );
	$GLOBALS['logged_in'] = false;
	do_action( 'wp_loaded' );
	want( array( false, 'yes' ), $required(), 'a cart that was handed over' );
	WC()->session = null;
	want( array( true, 'no' ), $required(), 'without a session' );
}

/** A product's ankkor_stock. */
function stock_of( $product ) {
	$data = apply_filters( 'woocommerce_rest_prepare_product_object', new WP_REST_Response( array( 'id' => $product->get_id() ) ), $product )->get_data();
	want( $product->get_id(), $data['id'], 'id' );
	return $data['ankkor_stock'];
}

function test_stock_revision_grows() {
	$mug = $GLOBALS['products'][7] = new WC_Product( 7 );
	$GLOBALS['wpdb']->stock[7]     = '12';
	want( array( 'product_id' => 7, 'revision' => 0, 'quantity' => 12 ), stock_of( $mug ), 'before' );
	$GLOBALS['wpdb']->stock[7] = '-2';
	do_action( 'woocommerce_product_set_stock', $mug );
	do_action( 'woocommerce_updated_product_stock', 7 );
	want( array( 'product_id' => 7, 'revision' => 2, 'quantity' => -2 ), stock_of( $mug ), 'after' );
	do_action( 'woocommerce_updated_product_stock', 999 );
	want( false, isset( $GLOBALS['wpdb']->revisions[999] ), 'a revision of nothing' );
}

function test_stock_of_variations() {
	$own       = new WC_Product( 71, 70 );
	$inherited = new WC_Product( 72, 70, 70 );
	$unmanaged = new WC_Product( 73, 70, 73, false );
	$GLOBALS['wpdb']->stock = array( 70 => '5', 71 => '3' );
	do_action( 'woocommerce_variation_set_stock', $own );
	want( array( 'product_id' => 71, 'revision' => 1, 'quantity' => 3 ), stock_of( $own ), 'its own' );
	want( array( 'product_id' => 70, 'revision' => 1, 'quantity' => 5 ), stock_of( $inherited ), "the product's" );
	want( array( 'product_id' => 73, 'revision' => 0, 'quantity' => null ), stock_of( $unmanaged ), 'not managed' );
}

function test_quantity_is_read_after_the_revision() {
	stock_of( new WC_Product( 7 ) );
	$reads = array_values( array_filter( $GLOBALS['wpdb']->log, function ( $sql ) { return 0 === strpos( $sql, 'SELECT' ); } ) );
	want( array( 'SELECT revision', 'SELECT meta_val' ), array_map( function ( $sql ) { return substr( $sql, 0, 15 ); }, $reads ), 'reads' );
}
