/* Passkeys: a form with data-passkey asks the server for options, the browser for a passkey, and sends what it answers.
   The forms are hidden until a browser shows that it knows passkeys. */
(function () {
  'use strict';
  var doc = document;
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  Array.from(doc.querySelectorAll('[data-passkey-only]')).forEach(function (node) { node.hidden = false; });
  Array.from(doc.querySelectorAll('[data-passkey-missing]')).forEach(function (node) { node.hidden = true; });

  function toBytes(text) {
    var plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }
  function toText(buffer) {
    var plain = Array.from(new Uint8Array(buffer), function (byte) { return String.fromCharCode(byte); }).join('');
    return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }
  function named(list) {
    return (list || []).map(function (one) { return Object.assign({}, one, { id: toBytes(one.id) }); });
  }
  function ask(kind, told) {
    told.challenge = toBytes(told.challenge);
    if (kind === 'get') {
      told.allowCredentials = named(told.allowCredentials);
      return navigator.credentials.get({ publicKey: told });
    }
    told.user.id = toBytes(told.user.id);
    told.excludeCredentials = named(told.excludeCredentials);
    return navigator.credentials.create({ publicKey: told });
  }
  function written(made) {
    var said = made.response;
    var out = { clientDataJSON: toText(said.clientDataJSON) };
    if (said.attestationObject) {
      out.attestationObject = toText(said.attestationObject);
      if (said.getTransports) out.transports = said.getTransports();
    } else {
      out.authenticatorData = toText(said.authenticatorData);
      out.signature = toText(said.signature);
      if (said.userHandle) out.userHandle = toText(said.userHandle);
    }
    return JSON.stringify({ id: made.id, rawId: toText(made.rawId), type: made.type, response: out, clientExtensionResults: {} });
  }
  function options(form) {
    var headers = { 'X-CSRFToken': doc.querySelector('meta[name=csrf-token]').content };
    return fetch(form.dataset.options, { method: 'POST', headers: headers }).then(function (answer) {
      if (answer.redirected) { location.reload(); return new Promise(function () {}); }
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
  }
  function say(form, error) {
    var known = { NotAllowedError: 'refused', AbortError: 'refused', InvalidStateError: 'known' };
    var words = form.dataset[known[error.name]] || form.dataset.failed;
    doc.dispatchEvent(new CustomEvent('toast', { detail: { level: 'error', text: words } }));
  }
  /* On the window, so that it comes before everything that sends forms. */
  window.addEventListener('submit', function (e) {
    var form = e.target;
    if (!form.matches('form[data-passkey]') || form.elements.credential.value) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (form.dataset.asking) return;
    form.dataset.asking = 'yes';
    options(form)
      .then(function (told) { return ask(form.dataset.passkey, told); })
      .then(function (made) {
        form.elements.credential.value = written(made);
        form.requestSubmit();
      })
      .catch(function (error) { say(form, error); })
      .finally(function () { delete form.dataset.asking; });
  }, true);
})();
