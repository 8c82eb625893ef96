// Spec: .specify/memory/constitution.md
import Link from "next/link";
import pages from "@/generated/pages.json";
import project from "../../../project.json";

export default function Home() {
  return (
    <>
      <div className="page-header">
        <h1>{project.name}</h1>
      </div>
      <p className="lead">{project.description}</p>
      <ul className="tiles">
        {pages.map(({ href, label }) => (
          <li key={href}>
            <Link className="card tile" href={href}>
              {label} <span aria-hidden="true">→</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
