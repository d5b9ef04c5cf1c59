commit=main person=jane-doe id=SOP-001 revision=2
text=documents/SOP-001-purchasing.md
key='ssh-ed25519 AAAA…'
command -v sha256sum > /dev/null || sha256sum() { shasum -a 256; }

folder=$commit:signatures/$id/$revision work=$(mktemp -d)
sum=$(git cat-file blob "$commit:$text" | sha256sum | cut -d ' ' -f 1)
echo "$person namespaces=\"isodocs\" $key" > "$work/allowed"

# Each statement that the person signed, mostly one, and its signature
for name in $(git cat-file -p "$folder" | cut -f2 | grep "^approved\.$person\..*\.json$"); do
  git cat-file blob "$folder/$name" > "$work/statement"
  git cat-file blob "$folder/$name.sig" > "$work/statement.sig"

  # 1. The signature is this person's, over exactly this statement: Good "isodocs" signature …
  ssh-keygen -Y verify -n isodocs -I "$person" -f "$work/allowed" -s "$work/statement.sig" < "$work/statement"

  # 2. The statement names exactly this text: the line with its SHA-256 is printed
  grep "\"document\": \"$sum\"" "$work/statement"

  # 3. Who approved what, in which role, and the SHA-256 of each picture that belongs to it
  cat "$work/statement"
done
