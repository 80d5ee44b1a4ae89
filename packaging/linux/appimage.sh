#!/bin/sh
# Makes one file that runs on any Linux: appimage.sh BUILT WORK TARGET, called by packaging/build.py --appimage.
set -eu
built=$1 work=$2 target=$3
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
tree=$work/AppDir

rm -rf "$tree"
mkdir -p "$tree/usr/lib" "$tree/usr/share/icons" "$tree/usr/share/mime/packages"
cp -a "$built" "$tree/usr/lib/cnn-studio"
cp -a "$work/icons/hicolor" "$tree/usr/share/icons/"
cp "$here/cnn-studio.desktop" "$tree/"
cp "$here/cnn-studio.xml" "$tree/usr/share/mime/packages/"
cp "$work/icons/hicolor/256x256/apps/cnn-studio.png" "$tree/"
ln -s cnn-studio.png "$tree/.DirIcon"

# Libraries that not every system has and that go with any of them; all others must be the system's own.
for name in libxcb-cursor.so.0 libxcb-icccm.so.4 libxcb-image.so.0 libxcb-keysyms.so.1 libxcb-render-util.so.0 \
    libxcb-util.so.1 libxkbcommon-x11.so.0; do
    file=$(ldconfig -p | sed -n "s|^[[:space:]]*$name .* => ||p" | head -n 1)
    [ -n "$file" ] || { echo "$name is not installed here" >&2; exit 1; }
    cp -L "$file" "$tree/usr/lib/cnn-studio/_internal/"
done

cat >"$tree/AppRun" <<'RUN'
#!/bin/sh
exec "$(dirname -- "$(readlink -f -- "$0")")/usr/lib/cnn-studio/cnn-studio" "$@"
RUN
chmod 755 "$tree/AppRun"
appimagetool --no-appstream "$tree" "$target"
rm -rf "$tree"
