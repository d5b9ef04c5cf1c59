"""OpenSSH signatures: reading them strictly, making them, checking them.

Our verdict is that of ``ssh-keygen -Y verify`` (9.2), except that these are refused here and accepted there:

- of the file: line breaks at other places, blank lines, white space or CRLF within the text; no line break
  at the end, several of them, or text after the end marker; a NUL behind the text
- of the packed signature: version 0, a namespace with a NUL behind it, a reserved field that is not empty
- of the signature's numbers: an Ed25519 S that is not below the group's order, an ECDSA number with
  needless zeros in front, an RSA signature shorter than its modulus
- of the key: RSA below 3072 bits, DSA, certificates, an Ed25519 point of small order (for which one
  signature fits every message), RSA numbers with needless zeros in front
- of the device: a security key that signed without being touched

The tests hold this list against the real program: each entry was seen accepted there, and nothing else.
"""
