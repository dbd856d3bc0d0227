# Makes, in the current directory, an archive `image.tar` of an image `sent:1`, and its configuration, `config.json`. Its layers have
# everything that a file system can have, and take away from each other.
#
# No file has two attributes: their order in an archive is chance. No time is before 1970, and every directory has an entry, since
# there the others differ from each other (docs/conformance.md, Layers).
set -euo pipefail
umask 022

layer() { # the tree that a function makes
    mkdir "$1.d"
    (cd "$1.d" && "$1")
    tar --create --format=posix --sort=name --numeric-owner --xattrs --xattrs-include='*' --file "$1.tar" --directory "$1.d" .
}

one() {
    mkdir -p bin dev etc/deep/er gone opaque/below replaced
    cp /bin/busybox bin/busybox
    ln -s busybox bin/sh
    setcap cap_net_raw,cap_net_bind_service+ep bin/busybox
    echo plain > etc/file
    chown 1234:4321 etc/file
    chmod 4751 etc/file
    setfattr -n user.origin -v 'layer one' etc/file
    touch -d '2001-02-03 04:05:06.789012345Z' etc/file
    ln etc/file etc/deep/hard
    ln etc/file etc/deep/er/harder
    ln -s ../file etc/deep/link
    chown -h 5:6 etc/deep/link
    touch -h -d '2002-03-04 05:06:07Z' etc/deep/link
    ln -s /nowhere dangling
    ln -s "$(printf 'x%.0s' {1..150})" etc/longlink
    mkfifo -m 0620 dev/fifo
    mknod -m 0660 dev/null c 1 3
    mknod -m 0600 dev/disk b 7 200
    chown 0:6 dev/disk
    echo gone > gone/file
    echo gone > etc/goes
    echo below > opaque/below/file
    echo replaced > replaced/file
    echo odd > 'etc/ä ö  "odd"'
    echo far > "etc/$(printf 'n%.0s' {1..200})"
    : > etc/empty
    chown 3000000000:3000000001 etc/empty
    chmod 2775 etc/deep
    chmod 1777 etc/deep/er
    chmod 0500 replaced
    setfattr -n user.of-directory -v d etc/deep/er
    head -c 300000 /dev/urandom > etc/random
    touch -d '2038-02-03 04:05:06Z' etc/deep/er
}

two() {
    mkdir -p etc/deep opaque/new
    : > .wh.gone
    : > etc/.wh.goes
    : > etc/deep/.wh.hard
    : > opaque/.wh..wh..opq
    echo new > opaque/new/file
    echo replacement > replaced # a file where a directory was
    echo changed > etc/file
    chown 7:8 etc/file
    chmod 0 etc/file
    chmod 0711 etc/deep
}

three() {
    mkdir -p etc gone
    echo back > gone/other
    ln gone/other gone/again
    : > etc/.wh.random
    cp /bin/true etc/tool
    setcap cap_chown=ei etc/tool
    setfattr -h -n user.again -v $'bytes \001\002' gone
}

sha() { sha256sum "$1" | cut -c1-64; }

for each in one two three; do
    layer $each
done
# a blank too many, and a member that nobody knows: what comes back is no rewriting of it
cat > config.json << CONFIG
{ "architecture": "amd64", "os": "linux", "created": "2020-01-02T03:04:05.678901234Z", "author": "A <a@example.org>",
  "com.example.unknown": {"kept": [1, 2.50, "ü\u00fc"]},
  "config": {"User": "1:2", "Env": ["PATH=/bin", "A=b c"], "Entrypoint": ["sh", "-c"], "Cmd": ["echo <&>"], "WorkingDir": "/etc",
    "Labels": {"b": "2", "a": "1"}, "ExposedPorts": {"80/tcp": {}}, "Volumes": {"/data": {}}, "StopSignal": "SIGINT",
    "Healthcheck": {"Test": ["CMD", "true"], "Interval": 30000000000}},
  "rootfs": {"type": "layers", "diff_ids": ["sha256:$(sha one.tar)", "sha256:$(sha two.tar)", "sha256:$(sha three.tar)"]},
  "history": [{"created": "2020-01-02T03:04:05Z", "created_by": "one"}, {"created_by": "ENV A=b c", "empty_layer": true},
    {"created_by": "two", "comment": "second"}, {"created_by": "three"}]
}
CONFIG
echo '[{"Config":"config.json","RepoTags":["sent:1"],"Layers":["one.tar","two.tar","three.tar"]}]' > manifest.json
tar --create --file image.tar manifest.json config.json one.tar two.tar three.tar
