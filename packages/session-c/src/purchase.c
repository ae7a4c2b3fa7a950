#include "state.h"

#include "ticket.h"

#include <string.h>

/** A ticket that is bought on another thread, and what it is for. */
struct purchase {
  struct tether_session *session;
  const char *use;
  struct tether_ticket ticket;
};

static void on_connected(GObject *http, GAsyncResult *result, gpointer data) {
  struct tether_session *session = data;
  SoupWebsocketConnection *socket = soup_session_websocket_connect_finish(SOUP_SESSION(http), result, NULL);
  session->is_buying = false;
  g_clear_object(&session->opening);
  if (tether_session_is_over(session)) g_clear_object(&socket);
  else if (socket == NULL) tether_session_connect_later(session, 0);
  else {
    const double at = tether_session_now();
    session->next = tether_connection_new(socket, session, tether_session_on_frame, tether_session_on_closed, at);
    session->next->welcome_by = at + tether_session_patience(session);
    tether_session_hello(session, session->next);
  }
  tether_session_release(session);
}

/** The ticket is offered as a subprotocol. T1 */
static bool open_socket(struct tether_session *session, const struct tether_ticket *ticket) {
  g_autoptr(SoupMessage) message = ticket->text != NULL ? soup_message_new("GET", ticket->url) : NULL;
  if (message == NULL) return false;
  g_autofree char *own = g_strconcat("ticket.", ticket->text, NULL);
  session->opening = g_cancellable_new();
  session->open_by = tether_session_now() + tether_session_patience(session);
  char *protocols[] = {"tether.v1", own, NULL};
  soup_session_websocket_connect_async(session->http, message, NULL, protocols, G_PRIORITY_DEFAULT, session->opening, on_connected,
                                       g_atomic_rc_box_acquire(session));
  return true;
}

static void use(struct tether_session *session, const struct purchase *purchase) {
  const struct tether_ticket *ticket = &purchase->ticket;
  if (ticket->text == NULL && ticket->failure.is_final) {
    tether_session_end(session, ticket->failure.code);
  } else if (strcmp(purchase->use, "connect") == 0) {
    session->is_buying = open_socket(session, ticket);
    if (!session->is_buying) tether_session_connect_later(session, ticket->failure.retry_after_ms);
  } else if (ticket->text == NULL) {
    session->lease_at = MAX(session->lease_at, tether_session_now() + ticket->failure.retry_after_ms); /* E7 */
  } else {
    g_autofree char *frame = g_strdup_printf("{\"type\":\"auth.renew\",\"ticket\":\"%s\"}", ticket->text);
    tether_session_say(session, frame, true);
  }
}

static void on_bought(GObject *source, GAsyncResult *result, gpointer data) {
  struct purchase *purchase = data;
  struct tether_session *session = purchase->session;
  session->is_buying = false;
  if (!tether_session_is_over(session)) use(session, purchase);
  g_free(purchase->ticket.text);
  g_free(purchase->ticket.url);
  g_free(purchase);
  tether_session_release(session);
}

static void buy(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  struct purchase *purchase = data;
  purchase->ticket = tether_ticket_buy(purchase->session->identity, purchase->use, purchase->session->instance);
  g_task_return_boolean(task, TRUE);
}

void tether_session_buy(struct tether_session *session, const char *use) {
  struct purchase *purchase = g_new0(struct purchase, 1);
  *purchase = (struct purchase){.session = g_atomic_rc_box_acquire(session), .use = use};
  session->is_buying = true;
  g_autoptr(GTask) task = g_task_new(NULL, NULL, on_bought, purchase);
  g_task_set_task_data(task, purchase, NULL);
  g_task_run_in_thread(task, buy);
}
