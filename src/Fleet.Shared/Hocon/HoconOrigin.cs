namespace Fleet.Shared.Hocon;

/// <summary>Where a value was written: file as the user named it, 1-based line.</summary>
public readonly record struct HoconOrigin(string File, int Line)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}" : File;
}
