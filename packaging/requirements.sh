# What the two commands beside this file share: finding Java and Maven, and the system libraries
# that the window's toolkit needs. Sourced, not run. Works with the bash 3.2 of macOS.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "$*"
  exit 1
}

# The folder that holds pom.xml, also when called through a link from anywhere.
project_root() {
  local script=$1 target
  while [ -L "$script" ]; do
    target=$(readlink "$script")
    case $target in
      /*) script=$target ;;
      *) script=$(dirname "$script")/$target ;;
    esac
  done
  (cd "$(dirname "$script")/.." && pwd -P)
}

# Major version of the Java in a home folder; the release file is quicker than starting it.
java_major() {
  local home=$1 version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null)
  if [ -z "$version" ] && [ -x "$home/bin/java" ]; then
    version=$("$home/bin/java" -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p')
  fi
  printf '%s' "${version:-0}"
}

is_jdk() { [ -x "$1/bin/javac" ] && [ "$(java_major "$1")" -ge 17 ]; }

# Sets JAVA_HOME to a JDK of version 17 or newer: the one named, the one on the path, or one that
# the system has elsewhere.
find_java() {
  local candidate javac
  if [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME"; then
    return 0
  fi
  javac=$(command -v javac || true)
  while [ -n "$javac" ] && [ -L "$javac" ]; do
    candidate=$(readlink "$javac")
    case $candidate in
      /*) javac=$candidate ;;
      *) javac=$(dirname "$javac")/$candidate ;;
    esac
  done
  for candidate in ${javac:+"$(dirname "$(dirname "$javac")")"} /usr/lib/jvm/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk* /usr/local/opt/openjdk*; do
    if is_jdk "$candidate"; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  return 1
}

find_maven() {
  local version
  command -v mvn >/dev/null || return 1
  version=$(mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -1)
  [ -n "$version" ] || return 1
  # shellcheck disable=SC2086
  set -- $version
  [ "$1" -gt 3 ] || { [ "$1" -eq 3 ] && [ "$2" -ge 8 ]; }
}

has_library() {
  local name=$1 folder
  if { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep -q "$name"; then
    return 0
  fi
  for folder in /usr/lib /usr/lib64 /lib /usr/lib/*-linux-gnu; do
    [ -e "$folder/$name" ] && return 0
  done
  return 1
}

has_fonts() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" \( -name '*.ttf' -o -name '*.otf' \) -print -quit 2>/dev/null)" ]; }

# Prints what is missing, one word each: jdk maven pango fonts gtk xtst gl.
# $1: headless or window
missing_parts() {
  find_java || echo jdk
  # Maven itself needs Java, so it cannot be asked for its version before.
  if find_java; then find_maven || echo maven; else command -v mvn >/dev/null || echo maven; fi
  [ "$(uname -s)" = Linux ] || return 0
  has_library libpangoft2-1.0.so.0 || echo pango
  has_fonts || echo fonts
  [ "$1" = window ] || return 0
  has_library libgtk-3.so.0 || echo gtk
  has_library libXtst.so.6 || echo xtst
  has_library libGL.so.1 || echo gl
}

# The first of several package names that apt can install.
apt_first() {
  local name
  for name in "$@"; do
    if apt-cache policy "$name" 2>/dev/null | grep 'Candidate:' | grep -qv '(none)'; then
      echo "$name"
      return 0
    fi
  done
  echo "$1"
}

# Debian's newer releases renamed libraries (t64) and dropped Java 17.
apt_package() {
  case $1 in
    jdk) apt_first openjdk-17-jdk openjdk-21-jdk openjdk-25-jdk default-jdk ;;
    maven) echo maven ;;
    pango) echo libpangoft2-1.0-0 ;;
    fonts) echo fonts-dejavu-core ;;
    gtk) apt_first libgtk-3-0t64 libgtk-3-0 ;;
    xtst) apt_first libxtst6t64 libxtst6 ;;
    gl) echo libgl1 ;;
  esac
}

# The package of each missing part for systems where nothing is installed automatically.
other_package() {
  case $1-$2 in
    dnf-jdk) echo java-17-openjdk-devel ;;
    dnf-pango | pacman-pango | zypper-pango) echo pango ;;
    dnf-fonts) echo dejavu-sans-fonts ;;
    dnf-gtk | zypper-gtk) echo gtk3 ;;
    dnf-xtst) echo libXtst ;;
    dnf-gl) echo mesa-libGL ;;
    zypper-jdk) echo java-17-openjdk-devel ;;
    zypper-fonts) echo dejavu-fonts ;;
    zypper-xtst) echo libXtst6 ;;
    zypper-gl) echo Mesa-libGL1 ;;
    pacman-jdk) echo jdk17-openjdk ;;
    pacman-fonts) echo ttf-dejavu ;;
    pacman-gtk) echo gtk3 ;;
    pacman-xtst) echo libxtst ;;
    pacman-gl) echo libglvnd ;;
    brew-jdk) echo openjdk@17 ;;
    *) echo "$2" ;;
  esac
}

# Installs what is missing where that is allowed; otherwise says the one line to type and stops.
# $1: headless or window
require() {
  local missing part packages="" tool line
  missing=$(missing_parts "$1")
  if [ -n "$missing" ]; then
    say "Missing on this system: $(echo "$missing" | tr '\n' ' ')"
    if command -v apt-get >/dev/null; then
      local as_root=""
      if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="ask"; fi
      fi
      if [ "$as_root" != ask ]; then
        say "Refreshing the package lists"
        $as_root apt-get update -qq >&2 || say "The package lists could not be refreshed; trying with the old ones"
      fi
      for part in $missing; do packages="$packages $(apt_package "$part")"; done
      if [ "$as_root" = ask ]; then
        stop "Please install it with this line, then start this command again:
  sudo apt-get update && sudo apt-get install -y$packages"
      fi
      say "Installing$packages"
      # shellcheck disable=SC2086
      $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >&2 ||
        stop "The packages could not be installed; this line shows why:
  sudo apt-get install$packages"
    else
      for tool in dnf zypper pacman brew; do
        command -v "$tool" >/dev/null || continue
        for part in $missing; do packages="$packages $(other_package "$tool" "$part")"; done
        line="sudo $tool install"
        [ "$tool" = pacman ] && line="sudo pacman -S"
        [ "$tool" = brew ] && line="brew install"
        stop "Please install it with this line, then start this command again:
  $line$packages"
      done
      stop "Please install a JDK of version 17 or newer, Maven 3.8 or newer and, on Linux, GTK 3, Pango and a font, then start this command again"
    fi
    missing=$(missing_parts "$1")
    [ -z "$missing" ] || stop "Still missing after the installation: $(echo "$missing" | tr '\n' ' ')"
  fi
  find_java
  if command -v getconf >/dev/null; then
    local glibc
    glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/glibc 2\.\([0-9]*\).*/\1/p')
    if [ -n "$glibc" ] && [ "$glibc" -lt 34 ]; then
      say "Note: this system's glibc 2.$glibc is older than 2.34, which the tokenizer library needs"
    fi
  fi
}
